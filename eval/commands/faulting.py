"""`eval faults`."""

from collections.abc import Callable, Mapping, Sequence

from eval import cited, support
from eval.cited import Case
from eval.report import terminal
from eval.support import Caught, Judged
from rag.answer.checking import ReplyChecker
from rag.answer.support import COEFFICIENTS, Coefficients
from rag.answer.verification import Verifier
from rag.assistant import Assistant, open_assistant
from rag.contract import dumps
from rag.domain import LANGUAGES, Language
from rag.settings import Settings

NAMES = {
    "none": "correct",
    "quote": "correct quote",
    "invented_id": "invented id",
    "quote_moved": "quote, wrong section",
    "quote_altered": "quote, word altered",
    "wrong_id": "paraphrase, wrong id",
    "claim": "unsupported claim",
    "number": "number altered",
    "name": "name altered",
    "negation": "denied",
    "modality": "modality strengthened",
}


def report(
    settings: Settings, announce: Callable[[str], None], *, refit: bool, as_json: bool
) -> None:
    """Plant every fault in every correct answer, judge all, and print what was caught."""
    assistant = open_assistant(settings, announce)
    cases = list(cited.cases(cited.load(), assistant.document))
    if refit:
        fitted = support.fit(_judged(assistant, cases, support.UNFITTED))
        support.write(fitted)
        announce(f"Guardado en {COEFFICIENTS}.")
        judged = _judged(assistant, cases, fitted)
    else:
        judged = _judged(assistant, cases)
    held = support.table(judged, "held")
    curves = {language: support.curve(judged, language, "held") for language in LANGUAGES}
    if as_json:
        terminal.say(dumps({"held": _as_json(held), "curves": curves}, indent=2))
        return
    _print(held, curves)


def _judged(
    assistant: Assistant, cases: Sequence[Case], coefficients: Coefficients | None = None
) -> list[Judged]:
    judge = assistant.support(coefficients)
    checker = ReplyChecker(assistant.document, Verifier(assistant.document), judge)
    return support.judge(cases, judge, checker, assistant.document)


def _print(
    held: support.Table, curves: Mapping[Language, Sequence[tuple[float, float, float]]]
) -> None:
    terminal.say(f"{'held-out half':<24}{''.join(f'{lang:>16}' for lang in LANGUAGES)}")
    for fault, row in held.items():
        cells = "".join(f"{_cell(row[lang]):>16}" for lang in LANGUAGES)
        terminal.say(f"{NAMES[fault]:<24}{cells}")
    terminal.say(
        "\nwording alone, by its threshold: flagged → unsupported claims, wrong ids caught"
    )
    for language, points in curves.items():
        line = "  ".join(f"{x:.1%} → {claim:.0%}, {wrong:.0%}" for x, claim, wrong in points)
        terminal.say(f"{language}  {line}")


def _cell(caught: Caught) -> str:
    return f"{caught.share:.1%} of {caught.total}"


def _as_json(held: support.Table) -> dict[str, dict[str, dict[str, int]]]:
    return {
        fault: {lang: {"flagged": c.caught, "of": c.total} for lang, c in row.items()}
        for fault, row in held.items()
    }
