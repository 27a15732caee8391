import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from rag.corpus.passages import passages as passages_of
from rag.errors import IndexStoreError
from rag.search.chroma import VectorStore
from rag.search.embedding import Vectors
from tests.product import ROOT, document
from tests.search.folders import DAMAGES

PASSAGES = passages_of(document())
DIMENSIONS = 16


def random_vectors(seed: int = 7, count: int = len(PASSAGES)) -> Vectors:
    """Unit vectors."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


VECTORS = random_vectors()
QUERY = random_vectors(seed=8, count=1)[0]


@pytest.fixture(scope="module")
def collection_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written collection that is only copied."""
    folder = tmp_path_factory.mktemp("collection") / "chroma"
    VectorStore.create(folder, PASSAGES, VECTORS)
    return folder


@pytest.fixture
def folder(collection_folder: Path, tmp_path: Path) -> Path:
    """A copy of the collection."""
    return Path(shutil.copytree(collection_folder, tmp_path / "chroma"))


@pytest.fixture
def stored(folder: Path) -> chromadb.Collection:
    """The collection as any other Chroma client sees it."""
    settings = Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(str(folder), settings=settings).get_collection("passages")


def test_a_collection_outlives_the_client_that_wrote_it(stored: chromadb.Collection) -> None:
    assert set(stored.get()["ids"]) == {passage.id for passage in PASSAGES}


def test_every_passage_is_stored_with_section_programme_and_sentences(
    stored: chromadb.Collection,
) -> None:
    found = stored.get(include=["metadatas"])
    metadatas = dict(zip(found["ids"], found["metadatas"] or [], strict=True))
    kept = ("section", "programme", "sentences")
    assert {id_: tuple(metadata[key] for key in kept) for id_, metadata in metadatas.items()} == {
        passage.id: (passage.section, passage.programme or 0, " ".join(passage.sentences))
        for passage in PASSAGES
    }


def test_the_stored_vectors_are_ours(stored: chromadb.Collection) -> None:
    found = stored.get(include=["embeddings"])
    vectors = dict(zip(found["ids"], np.asarray(found["embeddings"]), strict=True))
    ours = np.stack([vectors[passage.id] for passage in PASSAGES])
    assert np.allclose(ours, VECTORS, atol=1e-5)


def test_the_collection_is_configured_without_an_embedding_function(
    stored: chromadb.Collection,
) -> None:
    # «legacy» is how Chroma notes that none was given; another would be «known» and have a name.
    assert stored.configuration_json["embedding_function"] == {"type": "legacy"}


def test_the_nearest_passages_are_those_of_an_exhaustive_search(folder: Path) -> None:
    nearest = VectorStore.open(folder, PASSAGES, VECTORS).nearest(QUERY, top_k=20)
    best = np.argsort(-(VECTORS @ QUERY))[:20]
    assert [id_ for id_, _ in nearest] == [PASSAGES[row].id for row in best]


def test_no_passage_is_missed_where_many_are_alike(tmp_path: Path) -> None:
    themes = random_vectors(seed=9, count=5)[np.arange(len(PASSAGES)) % 5]
    vectors = themes + 0.3 * VECTORS
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    VectorStore.create(tmp_path / "chroma", PASSAGES, vectors)
    store = VectorStore.open(tmp_path / "chroma", PASSAGES, vectors)
    for query in random_vectors(seed=10, count=50):
        best = {PASSAGES[row].id for row in np.argsort(-(vectors @ query))[:100]}
        assert {id_ for id_, _ in store.nearest(query, top_k=100)} == best


def test_similarities_are_cosines(folder: Path) -> None:
    nearest = dict(VectorStore.open(folder, PASSAGES, VECTORS).nearest(QUERY, top_k=20))
    cosines = {p.id: float(c) for p, c in zip(PASSAGES, VECTORS @ QUERY, strict=True)}
    assert nearest == pytest.approx({id_: cosines[id_] for id_ in nearest}, abs=1e-5)


@pytest.mark.parametrize("programme", sorted(document().programme_by_number))
def test_a_programme_filter_finds_all_its_passages_and_no_others(
    folder: Path, programme: int
) -> None:
    store = VectorStore.open(folder, PASSAGES, VECTORS)
    nearest = store.nearest(QUERY, top_k=len(PASSAGES), programme=programme)
    expected = {passage.id for passage in PASSAGES if passage.programme == programme}
    assert {id_ for id_, _ in nearest} == expected


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_database_is_refused(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "chroma.sqlite3")
    with pytest.raises(IndexStoreError, match="dañado"):
        VectorStore.open(folder, PASSAGES, VECTORS)


def test_a_damaged_database_is_refused_a_second_time_too(folder: Path) -> None:
    DAMAGES["cut"](folder / "chroma.sqlite3")
    for _ in range(2):
        with pytest.raises(IndexStoreError, match="dañado"):
            VectorStore.open(folder, PASSAGES, VECTORS)


@pytest.mark.parametrize("eighth", range(8))
def test_a_damaged_page_is_refused_or_does_no_harm(folder: Path, eighth: int) -> None:
    database = folder / "chroma.sqlite3"
    content = bytearray(database.read_bytes())
    start = 4096 + eighth * (len(content) - 8192) // 8
    content[start : start + 4096] = bytes(byte ^ 0x5A for byte in content[start : start + 4096])
    database.write_bytes(content)
    try:
        nearest = VectorStore.open(folder, PASSAGES, VECTORS).nearest(QUERY, top_k=20)
    except IndexStoreError:
        return
    best = np.argsort(-(VECTORS @ QUERY))[:20]
    assert [id_ for id_, _ in nearest] == [PASSAGES[row].id for row in best]


def test_another_vector_than_was_written_is_refused(folder: Path) -> None:
    changed = VECTORS.copy()
    changed[5, 3] += 0.01
    with pytest.raises(IndexStoreError, match="dañado"):
        VectorStore.open(folder, PASSAGES, changed)


def test_a_missing_passage_is_refused(folder: Path) -> None:
    extra = replace(PASSAGES[0], id="9.9:1")
    with pytest.raises(IndexStoreError, match="dañado"):
        VectorStore.open(folder, [*PASSAGES, extra], np.vstack([VECTORS, QUERY]))


def test_another_programme_than_was_written_is_refused(folder: Path) -> None:
    moved = [replace(PASSAGES[0], programme=5), *PASSAGES[1:]]
    with pytest.raises(IndexStoreError, match="dañado"):
        VectorStore.open(folder, moved, VECTORS)


AMBIENT = {
    "ALLOW_RESET": "TRUE",
    "ANONYMIZED_TELEMETRY": "TRUE",
    "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://192.0.2.1:4317",
    "CHROMA_OTEL_GRANULARITY": "all",
    "CHROMA_PRODUCT_TELEMETRY_IMPL": "no.such.module",
    "CHROMA_SERVER_HOST": "192.0.2.1",
    "CHROMA_SERVER_HTTP_PORT": "80",
    "CHROMA_SERVER_NOFILE": "no number",
    "IS_PERSISTENT": "neither yes nor no",
    "MIGRATIONS": "1",
    "PERSIST_DIRECTORY": "/nowhere",
}

SETTINGS = """
import json, sys
from pathlib import Path
import numpy as np
from rag.search.chroma import VectorStore
from tests.search.test_chroma import PASSAGES, VECTORS
store = VectorStore.open(Path(sys.argv[1]), PASSAGES, VECTORS)
print(json.dumps(store._client.get_settings().model_dump(), default=str))
"""


def settings_of_a_process(folder: Path, cwd: Path, **environment: str) -> dict[str, object]:
    """The settings of our Chroma client in a process of its own."""
    path = os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-c", SETTINGS, str(folder)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, object] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def collection_of_processes(collection_folder: Path) -> Path:
    """A copy of the collection that processes may open one after another."""
    return Path(shutil.copytree(collection_folder, collection_folder.with_name("processes")))


@pytest.fixture(scope="module")
def ours(
    collection_of_processes: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """The settings where nothing is ambient."""
    return settings_of_a_process(collection_of_processes, tmp_path_factory.mktemp("empty"))


def test_telemetry_is_off(ours: dict[str, object]) -> None:
    assert ours["anonymized_telemetry"] is False


def test_environment_variables_change_no_setting(
    ours: dict[str, object], collection_of_processes: Path, tmp_path: Path
) -> None:
    assert settings_of_a_process(collection_of_processes, tmp_path, **AMBIENT) == ours


@pytest.mark.parametrize(
    "dotenv",
    [
        "\n".join(f"{name}={value}" for name, value in AMBIENT.items()).encode(),
        b"\xff\xfe\x00CHROMA_SERVER_HOST=192.0.2.1",
    ],
    ids=["text", "no text"],
)
def test_a_dotenv_file_in_the_working_folder_changes_no_setting(
    dotenv: bytes, ours: dict[str, object], collection_of_processes: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(dotenv)
    assert settings_of_a_process(collection_of_processes, tmp_path) == ours
