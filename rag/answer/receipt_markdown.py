"""A receipt for people: Markdown in the language of the answer, and what differs in words."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rag.answer.frames import unescape
from rag.answer.receipts import Quote, Receipt, Statement
from rag.answer.rechecking import Difference
from rag.domain import Language

WORDS = Path(__file__).parent / "data" / "receipts.toml"

MAX_SHOWN = 160
"""Characters of a value in a message about a difference."""

_MARKUP = re.compile(
    r"([\\`*_{}\[\]<>#|$~&@^=]|^[-+]|(?<=www)\.|(?<!\d):(?!\s|$)|:(?![\s\d]|$))", re.IGNORECASE
)
"""Marks, entities, and what makes addresses, emoji and directives."""

_ORDINAL = re.compile(r"^(\d+)([.)])(?=\s|$)")
"""What would begin a numbered list."""


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Language → key → words with placeholders."""
    table: Mapping[str, Mapping[str, str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return table


def visible(text: str) -> str:
    r"""The text on one line, a mark in place of what would steer a terminal or a reader's eye.

    >>> visible('a\n b\x1b[2J')
    'a b�[2J'
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))


def literal(text: str) -> str:
    r"""The text on one line, with nothing left for Markdown to interpret.

    >>> literal('# <b>\nwww.x.org')
    '\\# \\<b\\> www\\.x.org'
    """
    return _ORDINAL.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", visible(text)))


def message(difference: Difference, language: Language = "es") -> str:
    """The difference in words, on one line."""
    return words()[language][f"differs_{difference.kind}"].format(
        place=difference.place,
        recorded=_short(difference.recorded),
        found=_short(difference.found),
    )


def _short(text: str) -> str:
    shown = visible(text)
    return f"{shown[:MAX_SHOWN]}…" if len(shown) > MAX_SHOWN else shown


def markdown(receipt: Receipt) -> str:
    """The readable form; a reader's eye cannot tell edits, so `cinco verify` takes the JSON."""
    own = words()[receipt.language]
    parts = [
        f"# {own['title']}",
        _facts(receipt, own),
        f"## {own['question']}",
        _block(receipt.question.text),
        f"## {own['answer']}",
        _block(unescape(receipt.answer.replace("**", ""))),
        *_section(own["sentences"], (_statement(s, own) for s in receipt.sentences)),
        *_section(own["quotes"], (_quote(q, own) for q in receipt.quotes)),
        *_section(own["rejected"], (f"- «{literal(r.quote)}»" for r in receipt.rejected)),
        *_section(own["warnings"], (f"- {literal(warning)}" for warning in receipt.warnings)),
        *_fallback(receipt, own),
        f"## {own['provenance']}",
        _provenance(receipt, own),
        own["note"],
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, items: Iterator[str]) -> tuple[str, ...]:
    listing = "\n".join(items)
    return (f"## {title}", listing) if listing else ()


def _block(text: str) -> str:
    """Text of others as a quotation, its lines kept apart."""
    lines = (literal(re.sub(r"^(?:> ?)+", "", line)) for line in text.splitlines())
    return "\n>\n".join(f"> {line}" for line in lines if line) or ">"


def _statement(statement: Statement, own: Mapping[str, str]) -> str:
    text = literal(unescape(statement.text.replace("**", "")))
    ids = "".join(f" \\[{literal(id_)}\\]" for id_ in statement.citations)
    verdict = own[f"sentence_{statement.verdict}"]
    problems = ", ".join(own[f"problem_{problem}"] for problem in statement.problems)
    notes = [verdict, *([own["aligned"]] if statement.aligned else []), *filter(None, [problems])]
    return f"- {text}{ids} — *{'; '.join(notes)}*"


def _quote(quote: Quote, own: Mapping[str, str]) -> str:
    claimed = literal(quote.claimed_section or "")
    verdict = own[f"quote_{quote.verdict}"].format(claimed=claimed)
    mark = f" ({own['restored']})" if quote.restored else ""
    span = own["span"].format(start=quote.start, end=quote.end)
    place = f"{literal(quote.breadcrumb)}{mark}"
    shown = f"- «{literal(quote.quote)}» \\[{literal(quote.sentence)}\\]"
    return f"{shown}  \n  {place} · {span} · *{verdict}*"


def _facts(receipt: Receipt, own: Mapping[str, str]) -> str:
    facts = {
        own["asked_at"]: f"{receipt.asked_at:%Y-%m-%d %H:%M:%S} UTC",
        own["status"]: own[f"status_{receipt.status}"],
        own["programme"]: str(receipt.question.programme or ""),
        own["understood_as"]: receipt.understood_as or "",
        own["nearest"]: ", ".join(receipt.nearest),
    }
    return _table(facts)


def _provenance(receipt: Receipt, own: Mapping[str, str]) -> str:
    facts = {
        own["mode"]: own[f"mode_{receipt.mode}"],
        own["model"]: receipt.model or "",
        own["prompt"]: receipt.prompt or "",
        own["document"]: receipt.document,
        own["index"]: receipt.index,
        own["product"]: receipt.product,
        own["format"]: str(receipt.format),
        own["digest"]: receipt.digest,
    }
    return _table(facts)


def _table(facts: Mapping[str, str]) -> str:
    return "\n".join(f"- **{name}:** {literal(value)}" for name, value in facts.items() if value)


def _fallback(receipt: Receipt, own: Mapping[str, str]) -> tuple[str, ...]:
    if not (replaced := receipt.fallback):
        return ()
    said = own["fallback"].format(model=literal(replaced.model), reason=literal(replaced.reason))
    text = (own["fallback_text"], _block(replaced.text)) if replaced.text else ()
    return (f"## {own['fallback_title']}", said, *text)
