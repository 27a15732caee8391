"""From graded turns to figures: overall, by slice, and as data for pictures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from eval.metrics.confidence import area_under_risk, auroc, risk_coverage
from eval.metrics.grading import METRICS, Graded, averaged
from eval.metrics.intervals import Figure, mean, percentile, share
from eval.metrics.reference import Reference

Figures = dict[str, Figure]

WORST_SLICE_MIN = 20
"""Smaller slices are too noisy to be called the worst."""
WORST_SLICE_METRIC = "right"
NO_PROGRAMME = "front"
NOTHING_CITED = "none"


@dataclass(frozen=True, slots=True)
class WorstSlice:
    """The slice in which fewest answers are right."""

    dimension: str
    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Gold programme (rows) against the programme of the first citation (columns)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well the stated confidence separates; empty where none is stated."""

    auroc: float | None
    aurc: float | None
    curve: tuple[tuple[float, float], ...]
    """Coverage and risk."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Time and tokens per question."""

    latency_ms_p50: float | None
    latency_ms_p95: float | None
    tokens_mean: float | None
    tokens_total: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a report shows but the single cases."""

    items: int
    turns: int
    answers: int
    """Turns times epochs."""
    figures: Figures
    """Metric → figure over all turns that it applies to, plus `whole_dialogue`."""
    followup_gap: float | None
    """`right` of a dialogue's first turns minus that of its follow-ups."""
    slices: dict[str, dict[str, Figures]]
    """Dimension → slice → metric → figure."""
    worst: WorstSlice | None
    confusion: Confusion
    sections: Figures
    """Section accuracy by required section, in document order."""
    confidence: Confidence
    cost: Cost

    def as_json(self) -> dict[str, object]:
        """Plain dictionaries and lists."""
        return asdict(self)


def summarise(graded: Sequence[Graded], reference: Reference) -> Summary:
    """The figures of a run. Repeated epochs are averaged per turn before anything is counted."""
    slices = {
        dimension: {
            name: figures_of(members) for name, members in _partition(graded, label).items()
        }
        for dimension, label in DIMENSIONS.items()
    }
    by_section = slices["section"]
    return Summary(
        items=len({one.asked.item.id for one in graded}),
        turns=len({one.asked.key for one in graded}),
        answers=len(graded),
        figures=figures_of(graded) | {"whole_dialogue": whole_dialogue(graded)},
        followup_gap=followup_gap(graded),
        slices=slices,
        worst=worst_slice(slices),
        confusion=confusion(graded, reference),
        sections={
            place: by_section[place]["section_accuracy"]
            for place in reference.places
            if "section_accuracy" in by_section.get(place, {})
        },
        confidence=confidence_of(graded),
        cost=cost_of(graded),
    )


def figures_of(graded: Iterable[Graded]) -> Figures:
    """Metric → figure, for every metric that applies to at least one of these turns."""
    members = list(graded)
    found: Figures = {}
    for metric in METRICS:
        values = list(averaged(members, metric.name).values())
        if values:
            found[metric.name] = share(values) if metric.unit == "share" else mean(values)
    return found


def whole_dialogue(graded: Iterable[Graded]) -> Figure:
    """Share of the dialogues in which every turn is right; a turn not asked is not right."""
    runs: dict[tuple[str, int], list[Graded]] = {}
    for one in graded:
        if one.asked.item.group == "dialogue":
            runs.setdefault((one.asked.item.id, one.asked.epoch), []).append(one)
    by_item: dict[str, list[float]] = {}
    for (item, _), turns in runs.items():
        is_whole = len(turns) == len(turns[0].asked.item.turns)
        right = is_whole and all(turn.is_right for turn in turns)
        by_item.setdefault(item, []).append(float(right))
    return share([sum(values) / len(values) for values in by_item.values()])


def followup_gap(graded: Iterable[Graded]) -> float | None:
    """How much less often a follow-up is right than the question that opens the dialogue."""
    members = [one for one in graded if one.asked.item.group == "dialogue"]
    starts = [one for one in members if one.asked.turn_index == 0]
    opening = share(list(averaged(starts, "right").values())).value
    following = share(list(averaged(members, "followup_accuracy").values())).value
    return None if opening is None or following is None else opening - following


def worst_slice(slices: Mapping[str, Mapping[str, Figures]]) -> WorstSlice | None:
    """The lowest `right` among slices of at least `WORST_SLICE_MIN` turns; the first of equals."""
    candidates = [
        WorstSlice(dimension, name, figures[WORST_SLICE_METRIC])
        for dimension, members in slices.items()
        for name, figures in members.items()
        if figures[WORST_SLICE_METRIC].n >= WORST_SLICE_MIN
    ]
    return min(candidates, key=lambda found: found.figure.value or 0.0, default=None)


def confusion(graded: Iterable[Graded], reference: Reference) -> Confusion:
    """Counts over the turns that programme accuracy applies to; every epoch counts."""
    labels = (NO_PROGRAMME, *(str(number) for number in reference.programmes))
    columns = (*labels, NOTHING_CITED)
    counts = {row: dict.fromkeys(columns, 0) for row in labels}
    for one in graded:
        if "programme_accuracy" not in one.grades:
            continue
        first = one.asked.answer.first
        given = NOTHING_CITED if first is None else _programme_name(first.programme)
        gold = reference.places.get(one.asked.turn.sections[0])
        if gold is not None:
            row = counts[_programme_name(gold.programme)]
            row[given if given in row else NOTHING_CITED] += 1
    return Confusion(labels, columns, tuple(tuple(row.values()) for row in counts.values()))


def confidence_of(graded: Iterable[Graded]) -> Confidence:
    """AUROC of answerable against not, and the risk of answering above each confidence."""
    scored = [
        (one, one.asked.answer.confidence)
        for one in graded
        if one.asked.turn.status is not None and one.asked.answer.confidence is not None
    ]
    sides: dict[bool, list[float]] = {True: [], False: []}
    for one, confidence in scored:
        sides[one.asked.turn.is_answerable].append(confidence)
    curve = risk_coverage(
        [(confidence, one.asked.turn.is_answerable and one.is_right) for one, confidence in scored]
    )
    return Confidence(auroc(sides[True], sides[False]), area_under_risk(curve), curve)


def cost_of(graded: Iterable[Graded]) -> Cost:
    """Latency percentiles over the answers that state it, and tokens where a model was asked."""
    answers = [one.asked.answer for one in graded]
    latencies = [a.timings_ms["total"] for a in answers if "total" in a.timings_ms]
    tokens = [a.token_count for a in answers if a.token_count is not None]
    return Cost(
        latency_ms_p50=percentile(latencies, 50),
        latency_ms_p95=percentile(latencies, 95),
        tokens_mean=sum(tokens) / len(tokens) if tokens else None,
        tokens_total=sum(tokens) if tokens else None,
    )


def _programme_name(programme: int | None) -> str:
    return NO_PROGRAMME if programme is None else str(programme)


def _programme(one: Graded) -> str | None:
    section = next(iter(one.asked.turn.sections), None)
    if section is None or one.asked.item.group == "attack":
        return None
    return section.split(".")[0] if "." in section else NO_PROGRAMME


Label = Callable[[Graded], str | None]

DIMENSIONS: Mapping[str, Label] = {
    "lang": lambda one: one.asked.item.lang,
    "group": lambda one: one.asked.item.group,
    "kind": lambda one: one.asked.item.kind,
    "type": lambda one: one.asked.turn.type and f"{one.asked.item.group}/{one.asked.turn.type}",
    "lang_group": lambda one: f"{one.asked.item.lang}/{one.asked.item.group}",
    "split": lambda one: one.asked.item.split,
    "programme": _programme,
    "section": lambda one: next(iter(one.asked.turn.sections), None),
}
"""How turns are sliced; `None` leaves a turn out of the dimension."""


def _partition(graded: Iterable[Graded], label: Label) -> dict[str, list[Graded]]:
    found: dict[str, list[Graded]] = {}
    for one in graded:
        name = label(one)
        if name is not None:
            found.setdefault(name, []).append(one)
    return found
