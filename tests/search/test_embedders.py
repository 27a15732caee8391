"""Embedders from elsewhere: a collection and a fingerprint for each, real HTTP in between."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.domain import Question
from rag.errors import IndexStoreError, ModelError
from rag.models.embeddings import ModelEmbedder, open_embedder
from rag.models.registry import EmbeddingEntry
from rag.search.embedders import EmbedderStore, embedded
from rag.search.index import Index
from rag.search.retriever import Retriever
from rag.search.store import IndexStore
from tests.models.behaviours import Failure, exemplary
from tests.models.servers import Json, Quirks, Route, ScriptedServer
from tests.search.folders import ANSWER, DAMAGES, TOPIC, leftovers, published, short_document

pytestmark = pytest.mark.usefixtures("from_a_sample")

SHORT = short_document()


class House:
    """An index of the short document, a server of vectors, and what is made of both."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        self.root = root
        self.lines: list[str] = []
        self.index = IndexStore(root).open(SHORT)
        self._stack = stack
        self.server = stack.enter_context(ScriptedServer(exemplary, models=("small", "large")))

    def serve(self, server: ScriptedServer) -> None:
        """Another server from now on."""
        self.server = self._stack.enter_context(server)

    def embedder(self, model: str = "small", **more: object) -> ModelEmbedder:
        """A new embedder that asks the server."""
        address = {"provider": "openai", "base_url": self.server.base_url, "model": model}
        entry = EmbeddingEntry.model_validate({"name": model, **address, **more})
        embedder = open_embedder(entry)
        self._stack.callback(embedder.close)
        return embedder

    def open(self, embedder: ModelEmbedder, *, rebuild: bool = False) -> Index:
        return EmbedderStore(self.root, self.lines.append).open(
            self.index, embedder, rebuild=rebuild
        )

    @property
    def collections(self) -> list[Path]:
        """The published collections of embedders, oldest first."""
        return published(self.root / "embedders")

    @property
    def sent(self) -> list[object]:
        """The input of every request for vectors."""
        return [request.body["input"] for request in self.server.received]


@pytest.fixture
def house(copy_of_index: Callable[..., Path], tmp_path: Path) -> Iterator[House]:
    copy_of_index()
    with ExitStack() as stack:
        yield House(tmp_path / "index", stack)


class Failing(ScriptedServer):
    """Gives vectors until it is told to fail."""

    failure: Failure | None = None

    def routes(self) -> dict[str, Route]:
        def embed(body: Json) -> Json | Failure:
            return self.failure or vectors(body)

        vectors = dict(super().routes())["POST /v1/embeddings"]
        return {"POST /v1/embeddings": embed}


# A collection and a fingerprint of its own.


def test_an_embedder_has_a_collection_beside_the_index(house: House) -> None:
    house.open(house.embedder())
    assert (len(house.collections), len(published(house.root))) == (1, 1)


def test_every_passage_is_embedded_with_its_breadcrumb_and_prefix(house: House) -> None:
    house.open(house.embedder(passage_prefix="p: ", query_prefix="q: ", batch_size=500))
    assert house.sent == [[f"p: {p.breadcrumb}\n{p.text}" for p in house.index.passages]]


def test_only_plain_strings_are_ever_sent(house: House) -> None:
    Assistant(SHORT, house.open(house.embedder(batch_size=7))).ask(Question(TOPIC))
    assert {type(text) for batch in house.sent if isinstance(batch, list) for text in batch} == {
        str
    }


def test_a_build_is_announced_with_the_name_of_the_embedder(house: House) -> None:
    house.open(house.embedder())
    begun, done = house.lines
    assert (f"{len(house.index.passages)} pasajes" in begun, "«small» listos" in done) == (
        True,
        True,
    )


def test_the_fingerprint_of_the_index_differs_between_embedders(house: House) -> None:
    opened = [house.index, *(house.open(house.embedder(m)) for m in ("small", "large"))]
    assert len({index.fingerprint for index in opened}) == 3


def test_an_answer_names_the_fingerprint_of_index_and_embedder(house: House) -> None:
    index = house.open(house.embedder())
    answer = Assistant(SHORT, index).ask(Question(TOPIC))
    assert answer.provenance.index == index.fingerprint


def test_changing_back_asks_for_nothing_and_builds_nothing(house: House) -> None:
    first = house.open(house.embedder("small")).fingerprint
    house.open(house.embedder("large"))
    requests, lines = len(house.sent), len(house.lines)
    again = house.open(house.embedder("small")).fingerprint
    assert (again, len(house.sent), len(house.lines)) == (first, requests, lines)


def test_an_index_that_was_built_anew_keeps_the_collection(house: House) -> None:
    house.open(house.embedder())
    requests = len(house.sent)
    house.index = IndexStore(house.root).open(SHORT, rebuild=True)
    house.open(house.embedder())
    assert len(house.sent) == requests


def test_a_rebuild_asks_for_every_vector_again(house: House) -> None:
    for rebuild in (False, True):
        house.open(house.embedder(batch_size=500), rebuild=rebuild)
    assert len(house.sent) == 2


@pytest.mark.parametrize("file", ["arrays.bin", "manifest.json", "chroma/chroma.sqlite3"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_collection_is_made_again(
    damage: Callable[[Path], None], file: str, house: House
) -> None:
    house.open(house.embedder(batch_size=500)).vectors.close()
    (directory,) = house.collections
    damage(directory / file)
    answer = Assistant(SHORT, house.open(house.embedder(batch_size=500))).ask(Question(TOPIC))
    assert (answer.citations[0].sentence, answer.warnings) == (ANSWER, ())
    assert (len(house.collections), len(house.sent)) == (2, 3)


def test_an_embedder_that_fails_while_building_leaves_nothing(house: House) -> None:
    server = Failing(exemplary, models=("small",))
    server.failure = Failure(500, "no")
    house.serve(server)
    with pytest.raises(ModelError, match="«small»"):
        house.open(house.embedder())
    assert (house.collections, leftovers(house.root / "embedders")) == ([], [])


# Questions.


def test_the_dense_leg_ranks_by_the_vectors_of_the_embedder(house: House) -> None:
    index = house.open(house.embedder())
    passage = index.passages[7]
    ids = [section.id for section in SHORT.sections]
    found = Retriever(index, ids).retrieve(Question(embedded(passage)))
    ranks = {hit.passage.id: hit.legs["dense"].rank for hit in found.hits if "dense" in hit.legs}
    assert ranks[passage.id] == 1


def test_a_question_is_embedded_as_it_was_asked(house: House) -> None:
    index = house.open(house.embedder(query_prefix="q: "))
    ids = [section.id for section in SHORT.sections]
    Retriever(index, ids).retrieve(Question("¿Qué dice sobre el principio de una sola China?"))
    assert house.sent[-1] == ["q: ¿Qué dice sobre el principio de una sola China?"]


def test_a_server_that_is_gone_costs_the_dense_leg_and_not_the_answer(house: House) -> None:
    index = house.open(house.embedder())
    gone = Index(**{**vars(index), "embedder": house.embedder()})
    house.server.__exit__()
    answer = Assistant(SHORT, gone).ask(Question(TOPIC))
    (warning,) = answer.warnings
    assert (answer.status, answer.citations[0].sentence) == ("answered", ANSWER)
    assert (house.server.base_url in warning, "sin vectores" in warning) == (False, True)


def test_without_the_embedder_the_other_legs_rank_alone(house: House) -> None:
    server = Failing(exemplary, models=("small",))
    house.serve(server)
    index = house.open(house.embedder())
    server.failure = Failure(503, "busy")
    ids = [section.id for section in SHORT.sections]
    found = Retriever(index, ids).retrieve(Question(TOPIC))
    legs = {leg for hit in found.hits for leg in hit.legs}
    assert (legs, len(found.warnings)) == ({"bm25", "ngrams"}, 1)


def test_an_embedder_that_failed_is_left_alone_for_a_while(house: House) -> None:
    server = Failing(exemplary, models=("small",))
    house.serve(server)
    assistant = Assistant(SHORT, house.open(house.embedder()))
    server.failure = Failure(500, "no")
    requests = len(house.sent)
    warned = [assistant.ask(Question(TOPIC)).warnings for _ in range(3)]
    assert len(house.sent) == requests + 1
    assert len(warned[0]) == 1
    assert set(warned) == {warned[0]}


def test_an_answer_with_every_leg_has_no_warning(house: House) -> None:
    assert Assistant(SHORT, house.open(house.embedder())).ask(Question(TOPIC)).warnings == ()


# Other dimensions than those that are stored.


@pytest.fixture
def changed(house: House) -> Index:
    """An index whose server has another model by now, under the same name."""
    index = house.open(house.embedder())
    house.serve(ScriptedServer(exemplary, models=("small",), quirks=Quirks(dimension=12)))
    return Index(**{**vars(index), "embedder": house.embedder()})


def test_other_dimensions_than_stored_are_an_error_that_says_both(changed: Index) -> None:
    ids = [section.id for section in SHORT.sections]
    with pytest.raises(IndexStoreError, match="8 dimensiones y el de la pregunta 12") as failure:
        Retriever(changed, ids).retrieve(Question(TOPIC))
    assert "cinco index --rebuild" in failure.value.remedy


def test_an_answer_with_other_dimensions_is_an_error_with_its_remedy(changed: Index) -> None:
    answer = Assistant(SHORT, changed).ask(Question(TOPIC))
    assert answer.status == "error"
    assert answer.error
    assert "cinco index --rebuild" in answer.error.remedy


def test_a_rebuild_puts_other_dimensions_right(house: House) -> None:
    server = Failing(exemplary, models=("small",))
    house.serve(server)
    house.open(house.embedder()).vectors.close()
    server.quirks = Quirks(dimension=12)
    answer = Assistant(SHORT, house.open(house.embedder(), rebuild=True)).ask(Question(TOPIC))
    assert (answer.status, answer.warnings) == ("answered", ())
