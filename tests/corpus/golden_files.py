"""The golden files: `python -m tests.corpus.golden_files` renders them anew from the document.

They are meant to be read: a change in them is reviewed like a change of code.
"""

from collections.abc import Iterator
from pathlib import Path

from rag.corpus import document as documents
from rag.domain import Document, Section

FOLDER = Path(__file__).parent / "golden"
OUTLINE = FOLDER / "outline.txt"
SENTENCES = FOLDER / "sentences.txt"


def outline(document: Document) -> str:
    """Programmes and sections, what was restored and why, and how much text each holds."""
    lines: list[str] = []
    shown: int | None = None
    for section in document.sections:
        programme = document.programme_of(section)
        if programme and programme.number != shown:
            shown = programme.number
            lines += ["", f"{programme.number}. {programme.title}"]
            lines += [f"    RESTAURADO: {programme.evidence}"] if programme.restored else []
        lines.append(f"  {section.id:<8} {section.title}  ({_size(section)})")
        lines += [f"    RESTAURADO: {section.evidence}"] if section.restored else []
    return "\n".join(lines) + "\n"


def _size(section: Section) -> str:
    return f"párrafos: {len(section.paragraphs)}, oraciones: {len(section.sentences)}"


def sentences(document: Document) -> str:
    """Every sentence on a line of its own under its section, a blank line between paragraphs."""
    return "\n".join(_sentences(document)) + "\n"


def _sentences(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield f"=== {document.breadcrumb(section)}"
        for paragraph in section.paragraphs:
            for sentence in paragraph.sentences:
                yield f"{sentence.id}  {sentence.text}"
            yield ""


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    OUTLINE.write_text(outline(documents.load()), encoding="utf-8")
    SENTENCES.write_text(sentences(documents.load()), encoding="utf-8")
