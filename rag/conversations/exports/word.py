"""A conversation as a Word document: text and styles, nothing that acts or leads elsewhere."""

from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from rag.conversations.conversation import Conversation
from rag.conversations.exports.content import Content, Part, Receipts, Source, content
from rag.conversations.exports.markup import Block
from rag.domain import Language

_AUTHOR = "Cinco Programas"
_STYLES = {"quote": "Quote", "bullet": "List Bullet", "heading": "Heading 3"}
_RECEIPT_FONT, _RECEIPT_SIZE = "Courier New", Pt(7)


def write(conversation: Conversation, receipts: Receipts, language: Language) -> bytes:
    """The file."""
    said = content(conversation, receipts, language)
    document = Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = _AUTHOR
    properties.title, properties.comments, properties.language = said.title, "", language
    properties.created = properties.modified = conversation.used
    document.add_heading(said.title, level=0)
    document.add_paragraph(f"{said.begun}. {said.words['about']}")
    for part in said.parts:
        _add_turn(document, part, said)
    _add_receipts(document, said)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_turn(document: WordDocument, part: Part, said: Content) -> None:
    document.add_heading(part.heading, level=1)
    document.add_paragraph().add_run(part.question).bold = True
    for block in part.answer:
        _add_block(document, block)
    document.add_paragraph().add_run("\n".join(part.notes)).italic = True
    if part.sources:
        document.add_heading(said.words["sources"], level=2)
    for source in part.sources:
        _add_source(document, source)
    _add_list(document, said.words["sentences"], part.unsupported)
    _add_list(document, said.words["rejected_sources"], part.rejected)


def _add_list(document: WordDocument, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        document.add_heading(title, level=2)
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def _add_block(document: WordDocument, block: Block) -> None:
    """A numbered item keeps the number that it has in the answer."""
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
    if block.marker:
        paragraph.add_run(f"{block.marker} ")
    for run in block.runs:
        added = paragraph.add_run(run.text)
        added.bold, added.italic = run.is_bold or None, run.is_italic or None


def _add_source(document: WordDocument, source: Source) -> None:
    document.add_paragraph(style="List Bullet").add_run(source.breadcrumb).bold = True
    _indented(document.add_paragraph(f"«{source.quote}»"))
    _indented(document.add_paragraph()).add_run(" · ".join(source.notes)).italic = True


def _indented(paragraph: Paragraph) -> Paragraph:
    paragraph.paragraph_format.left_indent = Pt(18)
    return paragraph


def _add_receipts(document: WordDocument, said: Content) -> None:
    kept = [part for part in said.parts if part.receipt]
    if not kept:
        return
    document.add_paragraph().paragraph_format.page_break_before = True
    document.add_heading(said.words["receipts"], level=1)
    document.add_paragraph(said.words["receipt_note"])
    for part in kept:
        document.add_heading(part.receipt_heading, level=2)
        font = document.add_paragraph().add_run(part.receipt).font
        font.name, font.size = _RECEIPT_FONT, _RECEIPT_SIZE
