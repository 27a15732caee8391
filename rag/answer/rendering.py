"""What a model wrote, as Markdown: nothing in it interpreted, every id a badge."""

import re
from collections.abc import Sequence

from rag.answer import protocol
from rag.answer.checking import Checked
from rag.answer.frames import escape, frame
from rag.domain import AnswerSentence, Language

_LIST = re.compile(r"^(\d{0,9})([-.)=])")
"""What at the beginning of a line would make a list or a heading of it."""


def preview(raw: str) -> str:
    """What can be shown already of a reply that still arrives: whole statements, unchecked."""
    reply = protocol.read(raw, is_complete=False)
    if reply.is_refusal:
        return ""
    return "\n\n".join(_line(s.form, s.text, s.ids) for s in reply.statements)


def markdown(reply: protocol.Reply, checked: Checked, language: Language) -> str:
    """The statements with their ids, marked where they are not backed, and the summary."""
    mark = f" *({frame(language, 'no_support')})*"
    lines = []
    for statement, sentence in zip(reply.statements, checked.sentences, strict=True):
        line = _line(statement.form, statement.text, sentence.citations)
        lines.append(line if sentence.is_backed else f"{line}{mark}")
    lines += [sentence.text for sentence in summary(checked, language)]
    return "\n\n".join(lines)


def summary(checked: Checked, language: Language) -> tuple[AnswerSentence, ...]:
    """«5 sentences: 4 backed, 1 not backed»; empty where there was nothing to back."""
    total = len(checked.statements)
    if not total:
        return ()
    text = frame(
        language,
        "summary_one" if total == 1 else "summary",
        total=str(total),
        supported=str(checked.supported),
        unsupported=str(total - checked.supported),
    )
    return (AnswerSentence(text, "frame"),)


def _line(form: protocol.Form, text: str, ids: Sequence[str]) -> str:
    """One statement as Markdown."""
    badges = "".join(f" \\[{id_}\\]" for id_ in ids)
    body = _LIST.sub(r"\1\\\2", escape(text)) + badges
    return {"item": f"- {body}", "heading": f"**{body}**", "sentence": body}[form]
