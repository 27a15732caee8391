"""Text as Streamlit's Markdown: what others wrote is made literal, what is cited is marked."""

import re
from typing import Final, Literal

from rag.domain import Citation, Document, Paragraph, Section, Sentence
from rag.ui import permalinks

Colour = Literal["gray", "red", "green", "violet", "blue", "orange"]

PROGRAMME_COLOURS: Final[dict[int | None, Colour]] = {
    None: "gray",
    1: "red",
    2: "green",
    3: "violet",
    4: "blue",
    5: "orange",
}
"""Yellow is kept for what is cited."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"(www(?=\.)|https?\\?:(?=//)|(?<=[-.\w+])(?=@))", re.IGNORECASE)
"""Where Streamlit would begin to see a link: it looks for them in text that is parsed already, so
that no backslash helps."""
_JOINER = "\u2060"
_REFERENCE = re.compile(r"\\\[([A-Za-z0-9.]+:\d+)\\\]")


def literal(text: str) -> str:
    r"""The text on one line, with nothing left for Markdown or a directive to interpret.

    >>> literal(":red[x]\n# <b>")
    '\\:red\\[x\\] \\# \\<b\\>'
    """
    return _PUNCTUATION.sub(r"\\\1", unlinked(_SPACE.sub(" ", text)))


def unlinked(text: str) -> str:
    r"""The text, its addresses parted by an invisible joiner: nobody but us makes links.

    >>> unlinked("www.x.org http://x.org a@x.org").split("\u2060")
    ['www', '.x.org http:', '//x.org a', '@x.org']
    """
    return _ADDRESS.sub(rf"\1{_JOINER}", text)


def colour(section: Section) -> Colour:
    """The colour of the section's programme."""
    return PROGRAMME_COLOURS.get(section.programme, "gray")


def badge(section: Section, text: str) -> str:
    """A small mark in the colour of the section's programme."""
    return f":{colour(section)}-badge[{literal(text)}]"


def reference(document: Document, sentence_id: str) -> str:
    """A sentence id as a badge; an unknown one stays plain text."""
    sentence = document.sentence_by_id.get(sentence_id)
    if sentence is None:
        return rf"\[{literal(sentence_id)}\]"
    return badge(document.section_by_id[sentence.section], sentence_id)


def with_badges(document: Document, text: str) -> str:
    """An answer's Markdown with its sentence ids as badges."""
    return _REFERENCE.sub(lambda match: reference(document, match[1]), unlinked(text))


def numbered(paragraph: Paragraph, citation: Citation | None) -> str:
    """A paragraph, what is cited highlighted, each sentence behind its number: its permalink."""
    return " ".join(
        f"[{s.ordinal}]({permalinks.address(s.section, s.ordinal)}){marked(s, citation)}"
        for s in paragraph.sentences
    )


def marked(piece: Paragraph | Sentence, citation: Citation | None) -> str:
    """A stretch of the document, the cited part of it highlighted."""
    if citation is None or citation.end <= piece.start or piece.end <= citation.start:
        return literal(piece.text)
    first, last = max(0, citation.start - piece.start), citation.end - piece.start
    before, cited, after = piece.text[:first], piece.text[first:last], piece.text[last:]
    return f"{literal(before)}:yellow-background[{literal(cited)}]{literal(after)}"
