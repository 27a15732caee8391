"""The configured models: opened late, opened once, opened again after they were closed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.domain import Message
from rag.errors import InputError, ModelError, SettingsError
from rag.models import tokens
from rag.models.shelf import LazyChat, ModelShelf
from rag.settings import Settings
from tests.models.behaviours import says
from tests.models.entries import dead_url, entry, fields, write_models
from tests.models.servers import ScriptedServer

MESSAGES = (Message("user", "¿Qué dice?"),)


def shelf(folder: Path, server: ScriptedServer, **heads: str) -> ModelShelf:
    """A shelf with the models `first` and `second`."""
    named = {"chat.first": fields(server), "chat.second": fields(server, context="document")}
    return ModelShelf(Settings(models=write_models(folder, named, **heads)))


def said(model: LazyChat) -> str:
    return "".join(piece.text for piece in model.stream(MESSAGES))


@pytest.fixture
def closed_server() -> ScriptedServer:
    """A server that nobody may need: it was never started."""

    class Closed(ScriptedServer):
        @property
        def base_url(self) -> str:
            return f"{dead_url()}/v1"

    return Closed(says("Nadie pregunta."))


class TestShelf:
    def test_without_a_default_nobody_writes(
        self, tmp_path: Path, closed_server: ScriptedServer
    ) -> None:
        assert shelf(tmp_path, closed_server).find() is None

    @pytest.mark.parametrize(("name", "found"), [(None, "second"), ("first", "first")])
    def test_a_model_is_found_by_its_name_or_as_the_default(
        self, name: str | None, found: str, tmp_path: Path, closed_server: ScriptedServer
    ) -> None:
        model = shelf(tmp_path, closed_server, default="second").find(name)
        assert model is not None
        assert (model.traits.name, model.traits.takes_document) == (found, found == "second")

    def test_the_extractive_mode_can_be_asked_for_beside_a_default(
        self, tmp_path: Path, closed_server: ScriptedServer
    ) -> None:
        opened = shelf(tmp_path, closed_server, default="second")
        assert (opened.find("extractive"), opened.names[0]) == (None, "extractive")

    def test_a_model_is_the_same_one_every_time(
        self, tmp_path: Path, closed_server: ScriptedServer
    ) -> None:
        opened = shelf(tmp_path, closed_server)
        assert opened.find("first") is opened.find("first") is not opened.find("second")

    def test_an_unknown_name_lists_the_known_ones(
        self, tmp_path: Path, closed_server: ScriptedServer
    ) -> None:
        with pytest.raises(InputError, match="extractive, first, second"):
            shelf(tmp_path, closed_server).find("third")

    def test_a_file_that_is_not_valid_is_told_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError):
            ModelShelf(Settings(models=tmp_path / "falta.toml"))


class TestLazyChat:
    def test_its_limits_are_those_of_the_entry(self, closed_server: ScriptedServer) -> None:
        values = {"context_tokens": 4096, "answer_tokens": 500, "repair": True, "rewrite": True}
        traits = LazyChat(entry(closed_server, **values)).traits
        assert (traits.name, traits.context_tokens, traits.answer_tokens) == ("probado", 4096, 500)
        assert (traits.repairs, traits.rewrites, traits.takes_document) == (True, True, False)

    def test_it_counts_by_the_shipped_vocabulary(self, closed_server: ScriptedServer) -> None:
        text = "América Latina y el Caribe 拉美"
        assert LazyChat(entry(closed_server)).count(text) == tokens.count(text)

    def test_a_key_is_missed_when_the_model_is_asked_not_before(
        self, closed_server: ScriptedServer
    ) -> None:
        model = LazyChat(entry(closed_server, key_env="CINCO_TEST_NO_SUCH_KEY"))
        with pytest.raises(ModelError, match="CINCO_TEST_NO_SUCH_KEY"):
            said(model)

    def test_a_model_that_could_not_be_opened_is_tried_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ScriptedServer(says("Ahora sí.")) as server:
            model = LazyChat(entry(server, key_env="CINCO_TEST_LATE_KEY"))
            with pytest.raises(ModelError):
                said(model)
            monkeypatch.setenv("CINCO_TEST_LATE_KEY", "sk-1")
            text = said(model)
            model.close()
        assert text == "Ahora sí."

    def test_it_answers_again_after_it_was_closed(self) -> None:
        with ScriptedServer(says("Sí.")) as server:
            model = LazyChat(entry(server))
            answers = []
            for _ in range(2):
                answers.append(said(model))
                model.close()
            model.close()
        assert answers == ["Sí."] * 2

    def test_several_threads_may_be_the_first_to_ask(self) -> None:
        with ScriptedServer(says("Sí, a todos.")) as server:
            model = LazyChat(entry(server))
            with ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda _: said(model), range(8)))
            model.close()
        assert answers == ["Sí, a todos."] * 8
