"""Single answers as a reader wants to see them: question, expected, given, quotes."""

from collections.abc import Iterable
from dataclasses import dataclass

from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.grading import METRICS, Graded
from eval.metrics.wording import plain


@dataclass(frozen=True, slots=True)
class Case:
    """One answer and what was wrong with it."""

    key: str
    epoch: int
    lang: str
    kind: str
    type: str | None
    split: str | None
    history: tuple[str, ...]
    question: str
    expected: tuple[str, ...]
    """Statements, the most important first."""
    evidence: tuple[str, ...]
    given: str
    """Status, reason and sections, in one line."""
    answer: str
    """The text as a reader sees it."""
    quotes: tuple[tuple[str, str], ...]
    """Sentence id and quote."""
    failed: tuple[str, ...]
    """Metrics that this answer scores nothing in, or less than it could."""


def failing(graded: Iterable[Graded], *, reveal: bool) -> tuple[Case, ...]:
    """Every answer that is not right; those of the test part only when they may be revealed."""
    return tuple(case_of(one) for one in graded if not one.is_right and (reveal or is_open(one)))


def is_open(one: Graded) -> bool:
    """Whether the answer may be looked at: it is not of the test part."""
    return one.asked.item.split != "test"


def case_of(one: Graded) -> Case:
    """The answer as a case."""
    asked = one.asked
    turn, answer = asked.turn, asked.answer
    return Case(
        key=asked.key,
        epoch=asked.epoch,
        lang=asked.item.lang,
        kind=asked.item.kind,
        type=turn.type,
        split=asked.item.split,
        history=asked.item.history(asked.turn_index),
        question=turn.question + (f" (× {turn.repeat})" if turn.repeat > 1 else ""),
        expected=expected(turn),
        evidence=turn.evidence,
        given=given(answer),
        answer=plain(answer.answer),
        quotes=tuple((citation.sentence, citation.quote) for citation in answer.citations),
        failed=_failed(one),
    )


def expected(turn: Turn) -> tuple[str, ...]:
    """What a right answer would have been, in statements."""
    status = turn.status or " or ".join(turn.allowed)
    parts = {
        "": f"{status}: {', '.join(turn.sections)}" if turn.sections else status,
        "also acceptable": ", ".join(turn.acceptable),
        "nearest": ", ".join(turn.nearest),
        "must say": "; ".join(turn.must),
        "must not say": "; ".join(turn.must_not),
    }
    return tuple(f"{name} {text}".strip() for name, text in parts.items() if text)


def given(answer: GivenAnswer) -> str:
    """What came back, in one line."""
    if answer.error:
        return f"{answer.status}: {answer.error.problem}"
    cited = list(dict.fromkeys(citation.section for citation in answer.citations))
    status = f"{answer.status} ({answer.reason})" if answer.reason else answer.status
    near = f"; nearest {', '.join(answer.nearest)}" if answer.nearest else ""
    return f"{status}: {', '.join(cited)}{near}" if cited else f"{status}{near}"


def _failed(one: Graded) -> tuple[str, ...]:
    return tuple(
        metric.name
        for metric in METRICS
        if metric.unit == "share"
        and metric.name in one.grades
        and metric.name != "right"
        and (one.grades[metric.name] < 1) == (metric.better == "higher")
        and (metric.better == "higher" or one.grades[metric.name] > 0)
    )
