"""What runs, questions and figures are called on the page."""

from datetime import datetime
from typing import Final

from eval.conditions import Conditions
from eval.metrics.intervals import Figure
from eval.metrics.summary import NO_PROGRAMME, NOTHING_CITED
from eval.report import content
from eval.runs import Record
from eval.selection import Selection
from rag.domain import LANGUAGES, Document
from rag.models.registry import EXTRACTIVE
from rag.ui.words import NAMES, decimal, say, say_or

METRICS: Final = (
    *("right", "section_accuracy", "programme_accuracy", "evidence_recall"),
    *("citation_precision", "citation_recall", "verbatim_rate"),
    *("refusal_recall", "false_refusal", "numbers_grounded", "names_grounded", "language"),
    *("structural_exactness", "followup_accuracy", "whole_dialogue", "harmlessness", "error"),
)
"""Those that the page shows, in their order; the whole report has the others."""


def metric(name: str) -> str:
    """What a metric is called."""
    return say(f"metric.{name}")


def meaning(name: str) -> str:
    """What a metric means, in one sentence."""
    return say(f"metric.{name}_meaning")


def model(name: str) -> str:
    """Who answers."""
    return say("composer.none") if name == EXTRACTIVE else name


def answerer(conditions: Conditions) -> str:
    """Who answered, with the embedder if it is a foreign one."""
    beside = conditions.answerer.removeprefix(conditions.model)
    return f"{model(conditions.model)}{beside}"


def run(record: Record) -> str:
    """Who answered, and when it began."""
    return f"{answerer(record.conditions)} · {when(record.started)}"


def when(moment: datetime) -> str:
    """Day and minute, the same in every language."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def part(split: str) -> str:
    """A part of the dataset."""
    named = {
        "dev": say("evaluation.dev"),
        "test": say("evaluation.test"),
        "all": say("evaluation.all"),
    }
    return named[split]


def kind(name: str) -> str:
    """A kind or group of questions; a finer type keeps its own name."""
    return say_or(f"kind.{name}", name)


def language(code: str) -> str:
    """A language by its own name."""
    return next((name for known, name in NAMES.items() if known == code), code)


def selection(chosen: Selection) -> str:
    """What a run asks of its part of the dataset."""
    texts = [*map(language, chosen.languages), *map(kind, chosen.kinds)]
    if chosen.only:
        texts.append(say("evaluation.only", count=len(chosen.only)))
    if chosen.limit is not None:
        texts.append(say("evaluation.up_to", count=chosen.limit))
    if chosen.epochs > 1:
        texts.append(say("evaluation.epochs", count=chosen.epochs))
    return ", ".join(texts) or say("evaluation.everything")


def programme(document: Document, name: str) -> str:
    """A programme by the number that a summary has for it."""
    if name in (NO_PROGRAMME, NOTHING_CITED):
        is_front = name == NO_PROGRAMME
        return say("evaluation.front") if is_front else say("evaluation.nothing_cited")
    found = document.programme_by_number.get(int(name)) if name.isdigit() else None
    return f"{name}. {found.title}" if found else name


def group(document: Document, name: str) -> str:
    """A slice of the questions: a language, a kind, a programme, or a pair of them."""
    if name in LANGUAGES:
        return language(name)
    if name == NO_PROGRAMME or name.isdigit():
        return programme(document, name)
    first, _, rest = name.partition("/")
    return f"{group(document, first)}, {kind(rest)}" if rest else kind(first)


def percent(value: float | None) -> str:
    """A share as the interface writes it; only a whole is called 100 %."""
    if value is None:
        return "–"
    number, _, sign = content.percent(value).partition(" ")
    return f"{decimal(float(number), len(number.partition('.')[2]))} {sign}"


def bounds(figure: Figure) -> str:
    """Its interval in per cent."""
    if figure.low is None or figure.high is None:
        return "–"
    return f"{decimal(100 * figure.low, 1)}–{decimal(100 * figure.high, 1)}"


def milliseconds(value: float | None) -> str:
    """A time, in seconds where it is long."""
    if value is None:
        return "–"
    return f"{decimal(value, 0)} ms" if value < 1000 else f"{decimal(value / 1000, 1)} s"
