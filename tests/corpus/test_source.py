from collections.abc import Callable
from pathlib import Path

import pytest

from rag.assistant import open_assistant
from rag.corpus import document as documents
from rag.corpus import source
from rag.domain import Document
from rag.errors import SourceError
from rag.settings import Settings
from tests.product import cinco, document

ORIGINAL = source.BUNDLED.read_bytes()
BOM = b"\xef\xbb\xbf"
LINES = ORIGINAL.decode().splitlines(keepends=True)
MARK = "[bookmark: _Toc"


def _heading_block(label: str) -> tuple[int, list[str]]:
    """Where a heading stands, and its lines down to the next heading."""
    start = next(i for i, line in enumerate(LINES) if label in line)
    end = next((i for i in range(start + 1, len(LINES)) if MARK in LINES[i]), len(LINES))
    return start, LINES[start:end]


def _line_twice(label: str) -> bytes:
    start, block = _heading_block(label)
    return "".join([*LINES[:start], block[0], *LINES[start:]]).encode()


def _block_twice(label: str) -> bytes:
    start, block = _heading_block(label)
    return "".join([*LINES[:start], *block, *LINES[start:]]).encode()


def _block_again_at_the_end(label: str) -> bytes:
    return "".join([*LINES, "\n", *_heading_block(label)[1]]).encode()


def _block_again_with_a_new_bookmark(label: str) -> bytes:
    """After the original, as a later paste that the word processor renumbered."""
    start, block = _heading_block(label)
    copy = [f"{MARK}999999999]{block[0].split(']', 1)[1]}", *block[1:]]
    return "".join([*LINES[: start + len(block)], *copy]).encode()


SUBSECTIONS = {
    "1.1": "(1) Intercambios de alto nivel",
    "1.9": "(9) Cooperación tripartita",
    "2.10": "(10) Cooperación espacial",
    "2.17": "(17) Cooperación en regulación",
    "4.5": "(5) Ciberseguridad",
    "5.1": "(1) Gobernanza y desarrollo",
    "5.6": "(6) Intercambios entre los pueblos",
}
PROGRAMMES = {
    "1": "1. Programa de la solidaridad",
    "4": "4. Programa de la paz",
    "5": "5. Programa de los pueblos",
}
REPEATS: dict[str, Callable[[str], bytes]] = {
    "line twice": _line_twice,
    "text twice": _block_twice,
    "again at the end": _block_again_at_the_end,
    "again with a new bookmark": _block_again_with_a_new_bookmark,
}
UNUSABLE = {
    "empty": b"",
    "blank": b" \r\n\t\n",
    "only a byte order mark": BOM,
    "UTF-16 with BOM": ORIGINAL.decode().encode("utf-16"),
    "UTF-16 little-endian without BOM": ORIGINAL.decode().encode("utf-16-le"),
    "UTF-16 big-endian without BOM": ORIGINAL.decode().encode("utf-16-be"),
    "Latin-1": ORIGINAL.decode().encode("latin-1", "replace"),
    "cut in the middle of a character": ORIGINAL[: ORIGINAL.index("ó".encode()) + 1],
    "no headings": b"Un texto sin encabezados.\nOtro.\n",
    "only headings without numbers": b"[bookmark: _Toc1]Uno\nA.\n[bookmark: _Toc2]Dos\nB.\n",
    "more front parts than Roman numerals": b" Texto.\n" * 12 + b"[bookmark: _Toc1]1. A\n",
}
UNUSABLE |= {
    f"{part} {name}": repeat(label)
    for part, label in (SUBSECTIONS | PROGRAMMES).items()
    for name, repeat in REPEATS.items()
}


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_source_is_an_error_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "documento.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        documents.load(path)
    assert raised.value.remedy.endswith((".", "»."))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("empty", "está vacío"),
        ("blank", "está vacío"),
        ("UTF-16 with BOM", "UTF-16"),
        ("UTF-16 little-endian without BOM", "UTF-16"),
        ("UTF-16 big-endian without BOM", "UTF-16"),
        ("Latin-1", "Latin-1"),
        ("no headings", "no tiene encabezados"),
        ("4.5 again with a new bookmark", "dos veces la subsección 4.5"),
        ("5.1 again with a new bookmark", "dos veces la subsección 5.1"),
        ("4 again with a new bookmark", "dos veces el programa 4"),
        ("4.5 again at the end", "dos veces el encabezado «(5) Ciberseguridad»"),
    ],
)
def test_the_error_says_what_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "documento.txt"
    path.write_bytes(UNUSABLE[content])
    with pytest.raises(SourceError) as raised:
        documents.load(path)
    assert words in raised.value.problem


def test_a_missing_source_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"No existe el documento .*falta\.txt"):
        documents.load(tmp_path / "falta.txt")


def test_a_folder_instead_of_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No se puede leer"):
        documents.load(tmp_path)


@pytest.mark.parametrize("name", ["empty", "UTF-16 with BOM", "no headings", "4.5 line twice"])
def test_an_unusable_source_leaves_the_data_folder_untouched(tmp_path: Path, name: str) -> None:
    path = tmp_path / "documento.txt"
    path.write_bytes(UNUSABLE[name])
    data = tmp_path / "data"
    data.mkdir()
    with pytest.raises(SourceError):
        open_assistant(Settings(source=path, data_dir=data))
    assert list(data.iterdir()) == []


def test_the_program_reports_an_unusable_source_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "documento.txt"
    path.write_bytes(UNUSABLE["UTF-16 with BOM"])
    monkeypatch.setenv("CINCO_SOURCE", str(path))
    run = cinco("ask", "BeiDou")
    assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOM + ORIGINAL, id="BOM"),
        pytest.param(ORIGINAL.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(BOM + ORIGINAL.replace(b"\n", b"\r\n"), id="BOM and CRLF"),
    ],
)
class TestAcceptedVariants:
    def test_the_sentences_are_those_of_the_original(self, tmp_path: Path, content: bytes) -> None:
        built = self._load(tmp_path, content)
        assert [(s.id, s.text) for s in built.sentences] == [
            (s.id, s.text) for s in document().sentences
        ]

    def test_the_evidence_is_that_of_the_original(self, tmp_path: Path, content: bytes) -> None:
        built = self._load(tmp_path, content)
        assert [s.evidence for s in built.sections] == [s.evidence for s in document().sections]

    def test_offsets_hold_for_the_file_itself(self, tmp_path: Path, content: bytes) -> None:
        text = content.decode()
        shown = [text[s.start : s.end] for s in self._load(tmp_path, content).sentences]
        assert shown == [s.text for s in document().sentences]

    @staticmethod
    def _load(folder: Path, content: bytes) -> Document:
        path = folder / "documento.txt"
        path.write_bytes(content)
        return documents.load(path)
