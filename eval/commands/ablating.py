"""`eval ablate`: what is each retrieval leg worth?"""

from collections.abc import Callable, Mapping, Sequence, Set

from eval.items import Item
from eval.metrics.answers import failed, read
from eval.metrics.grading import Asked, grade
from eval.metrics.reference import Reference
from eval.metrics.summary import Figures, figures_of
from eval.progress import bar
from eval.report.content import Table, interval, shown
from eval.report.labels import labels
from eval.report.markdown import rows
from eval.report.terminal import say
from eval.runner import result
from eval.selection import asks
from eval.subject import Subject, embedder_named, open_subject
from eval.truth import reference_of
from rag.assistant import DEFAULT_LEGS, LegWeights
from rag.contract import dumps
from rag.models.registry import EXTRACTIVE
from rag.settings import Settings

METRICS = ("section_accuracy", "success@3", "rr", "evidence_recall")
GROUPS = frozenset({"section", "dialogue"})
"""Questions whose answer a ranking decides."""


def variants(legs: LegWeights = DEFAULT_LEGS) -> dict[str, LegWeights]:
    """All legs, each alone and all but each; a leg keeps its weight.

    One that ranks only sections leaves the passages to the others.

    >>> list(variants(({"a": 1.0, "b": 2.0}, {"a": 1.0})))
    ['all legs', 'only a', 'only b', 'without a', 'without b']
    """
    names = dict.fromkeys(name for weights in legs for name in weights)
    found = {"all legs": legs}
    found |= {f"only {name}": _kept(legs, {name}) for name in names}
    found |= {f"without {name}": _kept(legs, names.keys() - {name}) for name in names}
    return found


def _kept(legs: LegWeights, names: Set[str]) -> LegWeights:
    """The legs that are kept; a ranking that would lose all of its legs stays as it is."""
    sections, passages = (
        {leg: weight for leg, weight in weights.items() if leg in names} or weights
        for weights in legs
    )
    return sections, passages


def ablate(
    items: Sequence[Item],
    settings: Settings,
    announce: Callable[[str], None],
    *,
    as_json: bool,
    embedder: str | None = None,
) -> None:
    """Ask the same questions with every variant, and print the table for the README."""
    chosen = [item for item in items if item.group in GROUPS]
    embedder = embedder_named(embedder, settings)
    measured: dict[str, Figures] = {}
    for name, legs in variants().items():
        subject = open_subject(EXTRACTIVE, settings, announce, legs=legs, embedder=embedder)
        measured[name] = measure(subject, chosen, reference_of(subject.document), title=name)
    if as_json:
        say(dumps({name: {m: f[m].value for m in METRICS} for name, f in measured.items()}))
        return
    for line in rows(table(measured)):
        say(line)


def measure(
    subject: Subject, items: Sequence[Item], reference: Reference, *, title: str
) -> Figures:
    """The figures of the subject's answers, kept nowhere."""
    due = list(asks(items))
    asked = []
    with bar(title) as on_result:
        for done, ask in enumerate(due, start=1):
            line = result(subject, ask)
            given = line["answer"]
            answer = read(given) if isinstance(given, dict) else failed("No answer.")
            asked.append(Asked(ask.item, ask.turn_index, answer))
            on_result(done, len(due), line)
    return figures_of(grade(asked, reference))


def table(measured: Mapping[str, Figures]) -> Table:
    """A row for every variant."""
    header = ("retrieval", *(labels()[metric].name for metric in METRICS), "n")
    body = [
        (
            name,
            *(f"{shown(figures[m])} ({interval(figures[m])})" for m in METRICS),
            str(figures[METRICS[0]].n),
        )
        for name, figures in measured.items()
    ]
    return Table("Ablation", header, tuple(body))
