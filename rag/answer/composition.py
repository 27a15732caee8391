"""Puts an answer together from frames, quotes and list items: Markdown, and checked sentences."""

from rag.answer.frames import escape
from rag.domain import AnswerSentence, Draft, DraftCitation, Section, Sentence


class Composition:
    """An answer under construction; every quote or item adds its citation."""

    def __init__(self) -> None:
        """Start empty."""
        self._pieces: list[str] = []
        self._sentences: list[AnswerSentence] = []
        self._citations: list[DraftCitation] = []

    def say(self, text: str) -> None:
        """Words of the program itself."""
        self._pieces.append(text)
        self._sentences.append(AnswerSentence(text, "frame"))

    def quote(self, sentence: Sentence) -> None:
        """A sentence of the document, verbatim."""
        self._pieces.append(f"> «{escape(sentence.text)}» \\[{sentence.id}\\]")
        self._cite(sentence.text, sentence)

    def item(self, label: str, anchor: Sentence) -> None:
        """A list item that rests on a heading or sentence; consecutive items make one list."""
        line = f"- {escape(label)} \\[{anchor.id}\\]"
        if self._pieces and self._pieces[-1].startswith("- "):
            self._pieces[-1] += f"\n{line}"
        else:
            self._pieces.append(line)
        self._cite(label, anchor)

    def _cite(self, text: str, anchor: Sentence) -> None:
        self._sentences.append(AnswerSentence(text, "supported", (anchor.id,)))
        citation = DraftCitation(anchor.section, anchor.text)
        if citation not in self._citations:
            self._citations.append(citation)

    def draft(self) -> Draft:
        """What has been composed."""
        return Draft("\n\n".join(self._pieces), tuple(self._sentences), tuple(self._citations))


def anchor(section: Section) -> Sentence | None:
    """What a section is cited through as a whole: its heading, or sentence 1 if that was lost."""
    return section.heading or next(iter(section.sentences), None)
