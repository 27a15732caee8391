"""What a model wrote, as the page shows it: literal, its citations as badges, its gaps marked."""

import re

from rag.answer.frames import frame, unescape
from rag.domain import Answer, AnswerSentence, Document
from rag.ui.markup import literal, with_badges
from rag.ui.words import say

_LINE = re.compile(r"^(- |\*\*)?(.*?)((?: \\\[[^\\\]]+\\\])*)(\*\*)?$")
"""A statement as `rag.answer.rendering` puts it: its form, its text, its sentence ids."""


def partial(document: Document, text: str) -> str:
    """Markdown of what has come so far; nothing of it is checked, so nothing is marked."""
    return "\n\n".join(_line(document, line, backed=True) for line in text.split("\n\n"))


def whole(document: Document, answer: Answer) -> str:
    """Markdown of the answer without its summary; what is not backed stands out and says why."""
    lines, sentences = answer.text.split("\n\n"), answer.sentences
    if len(lines) != len(sentences):
        return with_badges(document, answer.text)
    mark = f" *({frame(answer.language, 'no_support')})*"
    pairs = list(zip(lines, sentences, strict=True))
    return "\n\n".join(
        _line(document, line.removesuffix(mark), backed=sentence.is_backed) + _notes(sentence)
        for line, sentence in (pairs[:-1] if summary(answer) else pairs)
    )


def summary(answer: Answer) -> str | None:
    """«5 frases: 4 con respaldo, 1 sin respaldo», in the language of the answer."""
    last = answer.sentences[-1] if answer.sentences else None
    if answer.provenance.mode != "model" or last is None or last.verdict != "frame":
        return None
    return last.text if answer.text.rpartition("\n\n")[2] == last.text else None


def aligned(answer: Answer) -> set[str]:
    """The sentences of the document that only the program connected with what the model wrote."""
    found = {id_ for s in answer.sentences if s.aligned for id_ in s.citations}
    return found - {id_ for s in answer.sentences if not s.aligned for id_ in s.citations}


def plain(text: str) -> str:
    """Markdown that shows exactly what was written, line by line, nothing of it interpreted."""
    return "\n\n".join(literal(line) for line in text.splitlines() if line.strip())


def _line(document: Document, line: str, *, backed: bool) -> str:
    found = _LINE.match(line)
    if found is None:
        return plain(unescape(line))
    opening, text, ids, closing = found.groups("")
    shown = literal(unescape(text))
    shown = shown if backed or not shown else f":red-background[{shown}]"
    return f"{opening}{shown}{with_badges(document, ids)}{closing}"


def _notes(sentence: AnswerSentence) -> str:
    """Why it is not backed, and whose work its citations are."""
    notes = ""
    if not sentence.is_backed:
        reasons = [say(f"written.problem_{problem}") for problem in sentence.problems]
        why = ": ".join(filter(None, [say(f"written.{sentence.verdict}"), ", ".join(reasons)]))
        notes = f" :small[:red[:material/report: {why}]]"
    if sentence.aligned:
        notes += f" :small[:gray[:material/link: {say('written.aligned')}]]"
    return notes
