import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import IndexStoreError
from rag.search.store import IndexStore, fingerprint
from tests.product import ROOT
from tests.search.folders import (
    ANSWER,
    DAMAGES,
    copy_published,
    first_citation,
    leftovers,
    published,
    short_document,
)

pytestmark = pytest.mark.usefixtures("from_a_sample")

CopyOfIndex = Callable[..., Path]

OTHER = "0123456789abcdef"
"""A fingerprint that no document has."""


def opened(root: Path) -> tuple[str, list[str]]:
    """What an index that was opened answers, and the lines of progress."""
    lines: list[str] = []
    return first_citation(IndexStore(root, lines.append).open(short_document())), lines


# What the fingerprint depends on, tried out on a copy of the package.

FINGERPRINTS = """
import json, sys
from pathlib import Path
from rag.corpus import document as documents
from rag.corpus.source import BUNDLED
from rag.search.store import fingerprint

package, here = Path(sys.argv[1]), Path(sys.argv[2])
assert Path(documents.__file__).is_relative_to(package)
whole, found = documents.load(), {}

def note(name, document=whole):
    found[name] = fingerprint(document)

def note_changed(name, file):
    original = file.read_bytes()
    file.write_bytes(original + b"# changed\\n")
    note(name)
    file.write_bytes(original)

def note_library(name):
    folder = here / name
    metadata = folder / f"{name.replace('-', '_')}-99.0.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text(f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 99.0\\n")
    sys.path.insert(0, str(folder))
    note(name)
    sys.path.remove(str(folder))

note("first")
(package / "corpus" / "data" / "headings.toml").touch()
note("touched")
note_changed("door", package / "__main__.py")
note("source", documents.build(documents.source.read(here / "source.txt")))
for name in ("domain.py", "corpus/outline.py", "corpus/data/headings.toml", "search/bm25.py",
             "search/chroma.py", "search/data/stopwords.toml"):
    note_changed(name, package / name)
for file in (package / "corpus" / "data").rglob("*.toml"):
    note_changed("last data file", file)
for name in ("chromadb", "numpy", "scikit-learn", "scipy", "snowballstemmer", "PyStemmer"):
    note_library(name)
note("last")
print(json.dumps(found))
"""

SAME = ("touched", "door", "last")
CHANGED = (
    "source",
    "domain.py",
    "corpus/outline.py",
    "corpus/data/headings.toml",
    "last data file",
    "search/bm25.py",
    "search/chroma.py",
    "search/data/stopwords.toml",
    "chromadb",
    "numpy",
    "scikit-learn",
    "scipy",
    "snowballstemmer",
    "PyStemmer",
)


@pytest.fixture(scope="module")
def fingerprints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Fingerprints after changes to a copy of the package, one process for all of them."""
    here = tmp_path_factory.mktemp("fingerprints")
    ignore = shutil.ignore_patterns("__pycache__", "*.tiktoken")
    package = Path(shutil.copytree(ROOT / "rag", here / "rag", ignore=ignore))
    text = package / "corpus" / "data" / "politica-china-alc-2025.txt"
    (here / "source.txt").write_bytes(text.read_bytes().replace(b"BeiDou", b"Galileo"))
    path = os.pathsep.join([str(here), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-c", FINGERPRINTS, str(package), str(here)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, str] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("what", CHANGED)
def test_the_fingerprint_changes_with(what: str, fingerprints: dict[str, str]) -> None:
    assert fingerprints[what] != fingerprints["first"]


@pytest.mark.parametrize("what", SAME)
def test_the_fingerprint_stays_the_same_when(what: str, fingerprints: dict[str, str]) -> None:
    assert fingerprints[what] == fingerprints["first"]


# Opening what is there.


def test_an_unchanged_index_is_opened_without_a_build(
    copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    copy_of_index()
    assert opened(tmp_path / "index") == (ANSWER, [])


def test_a_rebuild_that_is_asked_for_publishes_a_second_index(
    copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    copy_of_index()
    IndexStore(tmp_path / "index").open(short_document(), rebuild=True)
    assert len(published(tmp_path / "index")) == 2


def test_opening_an_index_removes_what_killed_builds_left(
    copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    copy_of_index()
    litter(tmp_path / "index")
    opened(tmp_path / "index")
    assert leftovers(tmp_path / "index") == []


def litter(root: Path) -> None:
    """Leave what a killed build and a killed removal leave."""
    for name in (".building-1", ".garbage-2"):
        (root / name / "chroma").mkdir(parents=True)
        (root / name / "chroma" / "chroma.sqlite3").write_bytes(b"half")


# One build over a folder with everything that may lie there.


class Aftermath:
    """A folder before and after the build that a stale index brings about."""

    def __init__(self, root: Path, pristine: Path) -> None:
        """Fill the folder, then open it."""
        self.root = root
        self.stale = copy_published(pristine, root, number=1, key=OTHER)
        self.forgotten = copy_published(pristine, root, number=2, key=OTHER)
        self.strangers = root / "fotos-2019"
        self.strangers.mkdir()
        litter(root)
        long_ago = time.time() - 8 * 24 * 3600
        for directory in (self.forgotten, self.strangers):
            os.utime(directory, (long_ago, long_ago))
        self.answer, self.lines = opened(root)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory, pristine: Path) -> Aftermath:
    """A folder of which all was stale, opened once."""
    return Aftermath(tmp_path_factory.mktemp("aftermath") / "index", pristine)


def test_a_stale_index_is_replaced_by_itself(aftermath: Aftermath) -> None:
    assert aftermath.answer == ANSWER


def test_a_build_says_that_it_began_and_how_long_it_took(aftermath: Aftermath) -> None:
    first, last = aftermath.lines
    assert ("Construyendo" in first, "Índice listo en" in last) == (True, True)


def test_the_new_index_bears_the_fingerprint_of_the_document(aftermath: Aftermath) -> None:
    keys = {directory.name.partition("-")[0] for directory in published(aftermath.root)}
    assert keys == {OTHER, fingerprint(short_document())}


def test_a_build_keeps_a_stale_index_that_was_opened_lately(aftermath: Aftermath) -> None:
    assert aftermath.stale.is_dir()


def test_a_build_removes_an_index_that_nobody_opened_for_a_week(aftermath: Aftermath) -> None:
    assert not aftermath.forgotten.exists()


def test_a_build_leaves_a_folder_alone_that_is_not_ours(aftermath: Aftermath) -> None:
    assert aftermath.strangers.is_dir()


def test_a_build_leaves_nothing_unfinished(aftermath: Aftermath) -> None:
    assert leftovers(aftermath.root) == []


# Damage.

FILES = (
    "manifest.json",
    "arrays.bin",
    "chroma/chroma.sqlite3",
    "chroma/*/data_level0.bin",
    "chroma/*/header.bin",
    "chroma/*/length.bin",
    "chroma/*/link_lists.bin",
)


def only(directory: Path, pattern: str) -> Path:
    (path,) = directory.glob(pattern)
    return path


def test_the_files_that_are_damaged_here_are_all_there_are(pristine: Path) -> None:
    files = {path for path in pristine.rglob("*") if path.is_file()}
    assert {only(pristine, pattern) for pattern in FILES} == files


@pytest.mark.parametrize("pattern", FILES)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_passed_over_or_answers_rightly(
    damage: Callable[[Path], None], pattern: str, copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    copy_of_index(number=1)
    damage(only(copy_of_index(number=2), pattern))
    assert opened(tmp_path / "index") == (ANSWER, [])


@pytest.mark.parametrize("pattern", FILES[:3])
def test_a_damaged_index_is_rebuilt_by_itself(
    pattern: str, copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    DAMAGES["cut"](only(copy_of_index(), pattern))
    answer, lines = opened(tmp_path / "index")
    assert (answer, len(lines)) == (ANSWER, 2)


@pytest.mark.parametrize("content", ["[]", "{}", "null", '{"fingerprint": "x"}', '"text"'])
def test_a_manifest_of_another_shape_is_passed_over(
    content: str, copy_of_index: CopyOfIndex, tmp_path: Path
) -> None:
    copy_of_index(number=1)
    (copy_of_index(number=2) / "manifest.json").write_text(content)
    assert opened(tmp_path / "index") == (ANSWER, [])


# Folders that cannot be written. The tests may run as root, whom permissions do not stop.


def file_in_place_of(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


def link_to_nowhere(root: Path) -> None:
    root.parent.mkdir(parents=True)
    root.symlink_to("/proc/nowhere")


OBSTACLES: dict[str, Callable[[Path], None]] = {
    "a file in place of the index folder": file_in_place_of,
    "a file in place of the data folder": lambda root: file_in_place_of(root.parent),
    "a link to nowhere": link_to_nowhere,
    "a folder in place of the lock": lambda root: (root / ".lock").mkdir(parents=True),
}


@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES)
def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(
    obstacle: Callable[[Path], None], tmp_path: Path
) -> None:
    root = tmp_path / "data" / "index"
    obstacle(root)
    with pytest.raises(IndexStoreError) as failure:
        IndexStore(root).open(short_document())
    assert (str(root) in failure.value.problem, "CINCO_DATA_DIR" in failure.value.remedy) == (
        True,
        True,
    )
