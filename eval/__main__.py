"""The evaluation suite's commands: `python -m eval …`, also `cinco eval …`."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from eval.items import DATASET, load
from eval.runner import Budget
from eval.selection import Part, Selection
from rag import settings as settings_module
from rag.errors import RagError

cli = typer.Typer(
    help="Evalúa las respuestas: preguntas con solución, métricas, informes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Model = Annotated[str | None, typer.Option("--model", "-m", help="Con qué modelo se responde.")]
Embedder = Annotated[str | None, typer.Option("--embedder", help="Con qué vectores se busca.")]
Split = Annotated[Part, typer.Option("--split", help="Parte del banco.")]
Langs = Annotated[list[str] | None, typer.Option("--lang", help="Solo estos idiomas.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Solo estas clases o grupos.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Solo estos ids o patrones, p. ej. «2.5-*».")
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="A lo sumo tantas, repartidas por igual.")
]
Dataset = Annotated[Path, typer.Option("--dataset", help="Otra carpeta o archivo de preguntas.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Preguntas a la vez.")]
Epochs = Annotated[int, typer.Option("--epochs", min=1, help="Cuántas veces cada pregunta.")]
MaxSeconds = Annotated[
    float | None, typer.Option("--max-seconds", min=0, help="Se detiene tras este tiempo.")
]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", min=0, help="O tras tantos.")]
New = Annotated[bool, typer.Option("--new", help="No sigue una corrida que quedó a medias.")]
Cases = Annotated[int, typer.Option("--cases", min=0, help="Fallos que se imprimen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Salida en JSON.")]
Reveal = Annotated[
    bool, typer.Option("--reveal", help="Muestra también los fallos de la parte de prueba.")
]
RunName = Annotated[str, typer.Argument(help="Id, su comienzo, carpeta, «latest» o «previous».")]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; an expected failure becomes one line on stderr and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        logging.basicConfig(level=settings_module.load().log_level, stream=sys.stderr)
        cli(None if arguments is None else list(arguments), prog_name="cinco eval")
    except RagError as error:
        announce(f"cinco: {error.problem} {error.remedy}")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(0)


@cli.command()
def check(dataset: Dataset = DATASET) -> None:
    """Comprueba las preguntas y cuenta cuántas hay."""
    from eval.commands import checking

    raise typer.Exit(checking.check_dataset(load(dataset)))


@cli.command()
def fit(dataset: Dataset = DATASET) -> None:
    """Ajusta con la parte dev la decisión de callar y guarda sus coeficientes."""
    from eval.commands import fitting

    fitting.fit_silence(load(dataset), settings_module.load(), announce)


@cli.command()
def faults(
    *,
    fit: Annotated[bool, typer.Option("--fit", help="Ajusta antes los umbrales.")] = False,
    as_json: AsJson = False,
) -> None:
    """Planta errores en respuestas correctas y cuenta cuántos nota la verificación."""
    from eval.commands import faulting

    faulting.report(settings_module.load(), announce, refit=fit, as_json=as_json)


@cli.command()
def run(
    *,
    model: Model = None,
    embedder: Embedder = None,
    split: Split = "dev",
    lang: Langs = None,
    kind: Kinds = None,
    only: Only = None,
    limit: Limit = None,
    epochs: Epochs = 1,
    workers: Workers = 1,
    max_seconds: MaxSeconds = None,
    max_tokens: MaxTokens = None,
    new: New = False,
    dataset: Dataset = DATASET,
    cases: Cases = 10,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> None:
    """Hace las preguntas y juzga las respuestas; repetida, sigue donde quedó."""
    from eval.commands import running
    from eval.orders import Order

    order = Order(
        model=model,
        embedder=embedder,
        selection=_selection(split, lang, kind, only, limit=limit, epochs=epochs),
        workers=workers,
        budget=Budget(max_seconds, max_tokens),
        is_new=new,
    )
    items, settings = load(dataset), settings_module.load()
    finished, stop = running.run(items, order, settings, announce)
    baseline = None if stop else running.beside(finished, items, order, settings, announce)
    running.tell(finished, cases=cases, as_json=as_json, reveal=reveal, baseline=baseline)
    raise typer.Exit(running.EXIT_INTERRUPTED if stop == "interrupted" else 0)


@cli.command()
def report(
    name: RunName = "latest", *, cases: Cases = 10, as_json: AsJson = False, reveal: Reveal = False
) -> None:
    """Vuelve a juzgar una corrida y a escribir sus informes."""
    from eval.commands import running

    running.tell_again(name, settings_module.load(), cases=cases, as_json=as_json, reveal=reveal)


@cli.command()
def compare(
    first: RunName,
    second: RunName = "latest",
    *,
    cases: Cases = 10,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> None:
    """Dice qué mejoró, qué empeoró y si la diferencia es ruido."""
    from eval.commands import comparing
    from eval.shelf import Shelf

    shelf = Shelf.of(settings_module.load())
    comparing.compare_runs(shelf, (first, second), cases=cases, as_json=as_json, reveal=reveal)


@cli.command()
def ablate(
    *,
    embedder: Embedder = None,
    split: Split = "dev",
    lang: Langs = None,
    kind: Kinds = None,
    only: Only = None,
    limit: Limit = None,
    dataset: Dataset = DATASET,
    as_json: AsJson = False,
) -> None:
    """Mide cada vía de recuperación sola y todas menos cada una."""
    from eval.commands import ablating

    items = _selection(split, lang, kind, only, limit=limit).of(load(dataset))
    ablating.ablate(items, settings_module.load(), announce, as_json=as_json, embedder=embedder)


@cli.command()
def mutate(
    *,
    model: Model = None,
    only: Only = None,
    limit: Limit = None,
    workers: Workers = 1,
    max_seconds: MaxSeconds = None,
    max_tokens: MaxTokens = None,
    new: New = False,
    cases: Cases = 10,
    as_json: AsJson = False,
) -> None:
    """Altera una copia del documento y mira si las respuestas la siguen."""
    from eval.commands import mutating, running
    from eval.orders import Order

    order = Order(
        model=model,
        selection=_selection("all", None, None, only, limit=limit),
        workers=workers,
        budget=Budget(max_seconds, max_tokens),
        is_new=new,
    )
    finished, stop = mutating.mutate_and_ask(order, settings_module.load(), announce)
    mutating.tell(finished, cases=cases, as_json=as_json)
    raise typer.Exit(running.EXIT_INTERRUPTED if stop == "interrupted" else 0)


@cli.command()
def runs() -> None:
    """Enumera las corridas guardadas, la más reciente primero."""
    from eval.commands import running
    from eval.shelf import Shelf

    running.list_runs(Shelf.of(settings_module.load()))


def _selection(
    split: Part,
    lang: list[str] | None,
    kind: list[str] | None,
    only: list[str] | None,
    *,
    limit: int | None,
    epochs: int = 1,
) -> Selection:
    return Selection(
        split=split,
        languages=_listed(lang),
        kinds=_listed(kind),
        only=_listed(only),
        limit=limit,
        epochs=epochs,
    )


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Values given one by one or separated by commas."""
    return tuple(part for value in values or () for part in value.split(",") if part)


def announce(line: str) -> None:
    """One line of progress on stderr."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
