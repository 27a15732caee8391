"""Reports on a terminal: coloured tables there, plain aligned ones in a pipe."""

import sys
import unicodedata
from collections.abc import Iterable

from eval.report.cases import Case
from eval.report.content import Report, Table, facts, tables
from eval.report.visible import visible

_LINE = 160


def show(report: Report, *, cases: int = 10) -> None:
    """Print the report, with so many failing cases."""
    show_facts(facts(report))
    show_tables(tables(report))
    shown = report.cases[:cases]
    if shown:
        say("")
        for case in shown:
            _case(case)
    rest = len(report.cases) - len(shown)
    if rest:
        say(f"… {rest} more failing cases in the report's files.")
    if report.hidden:
        say(f"{report.hidden} failing cases of the test part are hidden (--reveal shows them).")


def show_facts(rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values."""
    for name, text in rows:
        say(f"{name + ':':<15} {text}")


def show_tables(tables: Iterable[Table]) -> None:
    """Print tables, in colour where stdout is a terminal."""
    for table in tables:
        if sys.stdout.isatty():
            _rich(table)
        else:
            say("")
            for line in aligned(table):
                say(line)


def aligned(table: Table) -> list[str]:
    """The table in columns of equal width, text to the left and figures to the right.

    >>> aligned(Table("T", ("a", "n"), (("x", "10"), ("yy", "5"))))
    ['a    n', 'x   10', 'yy   5']
    """
    rows = [table.header, *table.rows]
    widths = [max(width(row[column]) for row in rows) for column in range(len(table.header))]
    return ["  ".join(_cells(row, widths)).rstrip() for row in rows]


def width(text: str) -> int:
    """Columns that the text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def say(line: str) -> None:
    """One line on stdout, at once; nothing in it moves the cursor."""
    sys.stdout.write(f"{visible(line)}\n")
    sys.stdout.flush()


def _cells(row: tuple[str, ...], widths: list[int]) -> Iterable[str]:
    for column, (cell, room) in enumerate(zip(row, widths, strict=True)):
        pad = " " * (room - width(cell))
        yield pad + cell if column else cell + pad


def _rich(table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    for column, name in enumerate(table.header):
        drawn.add_column(Text(name), justify="right" if column else "left")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console().print(drawn)


def _case(case: Case) -> None:
    asked = " → ".join([*case.history, case.question])
    say(f"✗ {case.key} [{case.lang}/{case.kind}] {short(asked)}")
    say(f"    expected {short(' · '.join(case.expected))}")
    say(f"    given    {short(case.given)}")


def short(text: str) -> str:
    """The text on one line that is not too long; an indent stays."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    line = indent + " ".join(text.split())
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"
