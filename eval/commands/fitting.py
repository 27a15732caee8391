"""`eval fit`."""

from collections.abc import Callable, Sequence

from eval import fit
from eval.items import Item, load
from eval.report import terminal
from rag.assistant import open_assistant
from rag.models.registry import CORPUS
from rag.search.silence import COEFFICIENTS
from rag.settings import Settings


def fit_silence(items: Sequence[Item], settings: Settings, announce: Callable[[str], None]) -> None:
    """Fit the silence decision on the dev part and the calibration set, store it, print it."""
    dev = [item for item in items if item.split == "dev"]
    result = fit.fit(
        open_assistant(settings, announce, embedder=CORPUS), [*dev, *load(fit.CALIBRATION)]
    )
    fit.write(result)
    for name, value in result.coefficients.items():
        terminal.say(f"{name:<18}{value:>10.4f}")
    terminal.say(f"{result.answerable} con respuesta, {result.unanswerable} sin respuesta;")
    terminal.say(f"calla en {result.refused:.1%} de las segundas. Guardado en {COEFFICIENTS}.")
