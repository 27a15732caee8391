"""Two runs beside each other, question by question."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass

from eval.evaluation import answered
from eval.metrics.comparison import Difference, compare
from eval.metrics.grading import METRICS, Asked, Graded, Metric, averaged, grade
from eval.metrics.reference import Reference
from eval.report.cases import expected, given, is_open
from eval.runs import Record, Run, RunError

Words = tuple[str, str, tuple[str, ...]]
"""Key, question and history of a turn."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A turn that one run gets right and the other does not."""

    key: str
    lang: str
    kind: str
    history: tuple[str, ...]
    question: str
    expected: tuple[str, ...]
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Side:
    """The turns that flipped one way."""

    shown: tuple[Flip, ...]
    hidden: int
    """Those of the test part that are not shown."""

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.shown) + self.hidden


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the second run does otherwise than the first."""

    first: Record
    second: Record
    paired: int
    """Turns that both runs asked, with the same words."""
    unpaired: tuple[int, int]
    """Turns that only the first, or only the second run asked."""
    differences: Mapping[str, Difference]
    """Metric → second minus first, over the turns that it applies to in both."""
    gained: Side
    lost: Side

    def as_json(self) -> dict[str, object]:
        """Everything, for other programs."""
        return {
            "first": self.first.model_dump(mode="json"),
            "second": self.second.model_dump(mode="json"),
            "paired": self.paired,
            "unpaired": list(self.unpaired),
            "differences": {name: asdict(one) for name, one in self.differences.items()},
            "gained": asdict(self.gained),
            "lost": asdict(self.lost),
        }


def pair(first: Run, second: Run, *, reveal: bool = False) -> Comparison:
    """The comparison of two runs; both are graded with the gold of the second.

    Raises:
        RunError: they are about different documents, or have no question in common.
    """
    if first.record.conditions.document != second.record.conditions.document:
        raise RunError(
            "Las dos corridas son sobre documentos distintos.",
            remedy="Compare corridas sobre el mismo documento.",
        )
    here, there = answered(first), answered(second)
    shared = {_words(one) for one in here} & {_words(one) for one in there}
    before, after = _regraded(here, there, second.reference()), _graded(there, shared, second)
    return Comparison(
        first=first.record,
        second=second.record,
        paired=len(shared),
        unpaired=(_count(here, shared), _count(there, shared)),
        differences=differences(before, after),
        gained=_side(before, after, gain=True, reveal=reveal),
        lost=_side(before, after, gain=False, reveal=reveal),
    )


def _graded(asked: Sequence[Asked], shared: Set[Words], run: Run) -> Sequence[Graded]:
    if not shared:
        raise RunError(
            "Las dos corridas no tienen ninguna pregunta en común.",
            remedy="Compare corridas de la misma parte y selección.",
        )
    return grade([one for one in asked if _words(one) in shared], run.reference())


def _regraded(
    first: Sequence[Asked], second: Sequence[Asked], reference: Reference
) -> Sequence[Graded]:
    """The answers of the first run, as far as the second asked the same, against its gold."""
    gold = {_words(one): one.item for one in second}
    return grade(
        [
            Asked(gold[_words(one)], one.turn_index, one.answer, one.epoch)
            for one in first
            if _words(one) in gold
        ],
        reference,
    )


def _count(asked: Sequence[Asked], shared: Set[Words]) -> int:
    """Turns that the other run did not ask."""
    return len({_words(one) for one in asked} - shared)


def differences(
    first: Sequence[Graded], second: Sequence[Graded], metrics: Iterable[Metric] = METRICS
) -> dict[str, Difference]:
    """Metric → difference, for those that apply to a turn in both runs; resampling takes 50 ms."""
    found = {}
    for metric in metrics:
        a, b = averaged(first, metric.name), averaged(second, metric.name)
        keys = [key for key in a if key in b]
        if keys:
            found[metric.name] = compare(
                [a[key] for key in keys],
                [b[key] for key in keys],
                higher_is_better=metric.better != "lower",
            )
    return found


def _side(first: Sequence[Graded], second: Sequence[Graded], *, gain: bool, reveal: bool) -> Side:
    """The turns whose share of right answers rose, or fell."""
    before, after = averaged(first, "right"), averaged(second, "right")
    flipped = {
        key for key in before if before[key] != after[key] and (after[key] > before[key]) == gain
    }
    pairs = {one.asked.key: one for one in first}
    members = {one.asked.key: one for one in second if one.asked.key in flipped}
    shown = [key for key, one in members.items() if reveal or is_open(one)]
    flips = tuple(_flip(pairs[key], members[key]) for key in shown)
    return Side(flips, len(members) - len(flips))


def _flip(first: Graded, second: Graded) -> Flip:
    asked = second.asked
    return Flip(
        key=asked.key,
        lang=asked.item.lang,
        kind=asked.item.kind,
        history=asked.item.history(asked.turn_index),
        question=asked.turn.question,
        expected=expected(asked.turn),
        first=given(first.asked.answer),
        second=given(asked.answer),
    )


def _words(one: Asked) -> Words:
    """What makes two turns the same question."""
    return one.key, one.turn.asked, one.item.history(one.turn_index)
