"""`eval compare`."""

from collections.abc import Iterable

from eval.pairing import Comparison, Side, pair
from eval.report import terminal
from eval.report.differences import table
from eval.shelf import Shelf
from rag.contract import dumps


def compare_runs(
    shelf: Shelf, names: tuple[str, str], *, cases: int, as_json: bool, reveal: bool
) -> None:
    """Print how the second run differs from the first."""
    first, second = (shelf.find(name) for name in names)
    comparison = pair(first, second, reveal=reveal)
    if as_json:
        terminal.say(dumps(comparison.as_json()))
        return
    terminal.show_facts(_facts(comparison))
    terminal.show_tables([table(comparison)])
    _show("▲ right now", comparison.gained, cases)
    _show("▼ wrong now", comparison.lost, cases)


def _facts(comparison: Comparison) -> Iterable[tuple[str, str]]:
    for name, record in (("first", comparison.first), ("second", comparison.second)):
        made = record.conditions
        commit = made.commit or "unknown"
        yield name, f"{record.id} · {made.answerer} · commit {commit} · index {made.index}"
    only_first, only_second = comparison.unpaired
    yield (
        "paired",
        (
            f"{comparison.paired} turns; only in the first {only_first}, only in the second "
            f"{only_second}; both graded with the gold of the second"
        ),
    )
    flips = f"{comparison.gained.count} to right, {comparison.lost.count} to wrong"
    yield "flipped", flips
    right = comparison.differences["right"]
    verdict = {
        "better": "the second run is better",
        "worse": "the second run is worse",
        "noise": "the difference may be noise",
        "equal": "no difference",
    }[right.verdict]
    yield "right answers", f"{verdict} (p = {right.p:.3f})"


def _show(title: str, side: Side, cases: int) -> None:
    if not side.count:
        return
    terminal.say("")
    terminal.say(f"{title}: {side.count}")
    for flip in side.shown[:cases]:
        asked = " → ".join([*flip.history, flip.question])
        terminal.say(terminal.short(f"  {flip.key} [{flip.lang}/{flip.kind}] {asked}"))
        terminal.say(terminal.short(f"      expected {' · '.join(flip.expected)}"))
        terminal.say(terminal.short(f"      first    {flip.first}"))
        terminal.say(terminal.short(f"      second   {flip.second}"))
    if len(side.shown) > cases:
        terminal.say(f"  … {len(side.shown) - cases} more (--cases)")
    if side.hidden:
        terminal.say(f"  {side.hidden} of the test part are hidden (--reveal shows them)")
