"""The report as Markdown, for an issue, a README or a chat."""

import re
from collections.abc import Iterable

from eval.report.cases import Case
from eval.report.content import Report, Table, facts, tables
from eval.report.visible import visible

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_MAX_TEXT = 500


def markdown(report: Report) -> str:
    """The whole report."""
    lines = [f"# Evaluation of {literal(report.record.conditions.model)}", ""]
    lines += [f"- {name}: {literal(text)}" for name, text in facts(report)]
    for table in tables(report):
        lines += ["", f"## {table.title}", "", *rows(table)]
    lines += ["", f"## Failing cases ({len(report.cases)})", ""]
    if report.hidden:
        lines += [f"{report.hidden} failing cases of the test part are hidden.", ""]
    for case in report.cases:
        lines += _case(case)
    return "\n".join(lines) + "\n"


def rows(table: Table) -> Iterable[str]:
    """The table's lines."""
    yield _row(table.header)
    yield "| --- |" + " ---: |" * (len(table.header) - 1)
    for row in table.rows:
        yield _row([literal(cell) for cell in row])


def literal(text: str) -> str:
    r"""The text on one line, with nothing in it that Markdown interprets.

    >>> literal("a|<b>\n*c*")
    'a\\|\\<b\\> \\*c\\*'
    """
    return _ACTIVE.sub(r"\\\1", " ".join(visible(text, _MAX_TEXT).split()))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _case(case: Case) -> Iterable[str]:
    yield f"- **{literal(case.key)}** ({case.lang}, {case.kind}) {literal(case.question)}"
    if case.history:
        yield f"  - after: {literal(' → '.join(case.history))}"
    yield f"  - expected: {literal(' · '.join(case.expected))}"
    yield f"  - given: {literal(case.given)}"
    for sentence, quote in case.quotes:
        yield f"  - {literal(sentence)} «{literal(quote)}»"
