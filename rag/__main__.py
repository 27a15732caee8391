"""The door for machines: the `cinco` commands."""

import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from rag import feedback
from rag import settings as settings_module
from rag.errors import InputError, RagError

cli = typer.Typer(
    help="Pregunte al documento de política de China hacia América Latina y el Caribe (2025).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

cli.add_typer(feedback.commands, name="feedback")

Model = Annotated[
    str | None, typer.Option("--model", "-m", help="Con qué modelo se responde; vea cinco models.")
]
BatchName = Annotated[
    str | None, typer.Option(help="Lote: un objeto JSON por línea; «-» es la entrada.")
]
ReceiptName = Annotated[
    str | None,
    typer.Option(
        metavar="ARCHIVO",
        help="Guarda el recibo: .json o .md según el nombre; si no, las dos formas.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Salida en JSON.")]
Programme = Annotated[
    int | None, typer.Option("--programme", "-p", help="Solo este programa (1–5).")
]
Lang = Annotated[
    str | None, typer.Option("--lang", help="Idioma del marco de la respuesta: es, en, pt o zh.")
]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; an expected failure becomes one line on stderr and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # Imports and the index stay until the end: collecting them costs 5 % of a cold answer.
    gc.disable()
    try:
        logging.basicConfig(level=settings_module.load().log_level, stream=sys.stderr)
        cli(args=arguments)
    except RagError as error:
        _complain(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    finally:
        # The interpreter looks for cycles when it ends: with all that is loaded, 60 ms.
        gc.freeze()
    sys.exit(0)


@cli.command()
def chat(
    port: Annotated[
        int, typer.Option(envvar="PORT", min=1, max=65535, help="Puerto local.")
    ] = 8501,
    *,
    headless: Annotated[
        bool, typer.Option("--headless", envvar="HEADLESS", help="No abre el navegador.")
    ] = False,
) -> None:
    """Abre la aplicación en el navegador, solo en esta máquina."""
    from rag.launcher import run_app

    run_app(settings_module.load(), port=port, headless=headless, announce=_announce)


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="La pregunta.")] = None,
    *,
    jsonl: BatchName = None,
    programme: Programme = None,
    lang: Lang = None,
    model: Model = None,
    receipt: ReceiptName = None,
    as_json: AsJson = False,
) -> None:
    """Responde una pregunta, o un lote de preguntas."""
    from rag import terminal
    from rag.binding import open_asker
    from rag.domain import Question

    if (question is None) == (jsonl is None):
        raise typer.BadParameter("indique una pregunta o --jsonl ARCHIVO")
    language = terminal.language(lang)
    files = _receipt_files(receipt, is_batch=jsonl is not None)
    assistant = open_asker(settings_module.load(), _announce, model)
    if jsonl is not None:
        with _lines(jsonl) as lines:
            raise typer.Exit(terminal.batch(lines, assistant))
    asked = Question(question or "", language, programme)
    raise typer.Exit(terminal.ask(assistant, asked, as_json=as_json, receipt=files))


@cli.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="Un recibo en su forma JSON.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Comprueba un recibo con el documento, sin conexión ni índice; dice qué difiere."""
    from rag import terminal
    from rag.answer import receipt_files
    from rag.corpus import document, source

    kept = receipt_files.load(file)
    present = document.load(settings_module.load().source or source.BUNDLED)
    raise typer.Exit(terminal.verify(kept, present, as_json=as_json))


@cli.command()
def outline(*, as_json: AsJson = False) -> None:
    """Muestra las 48 secciones; las de encabezado restaurado van marcadas."""
    from rag import terminal
    from rag.corpus import document, source

    terminal.outline(
        document.load(settings_module.load().source or source.BUNDLED), as_json=as_json
    )


@cli.command()
def index(
    *, rebuild: Annotated[bool, typer.Option("--rebuild", help="Lo construye de nuevo.")] = False
) -> None:
    """Construye o renueva el índice y dice qué hizo."""
    from rag import terminal
    from rag.assistant import open_assistant
    from rag.models import registry

    settings = settings_module.load()
    embedder = registry.read(settings).embedder or registry.CORPUS
    progress: list[str] = []

    def announce(line: str) -> None:
        progress.append(line)
        _announce(line)

    assistant = open_assistant(settings, announce, rebuild=rebuild, embedder=embedder)
    outcome = "construido" if progress else "ya estaba al día"
    vectors = "" if embedder == registry.CORPUS else f" con los vectores de «{embedder}»"
    terminal.say(f"Índice {assistant.index_fingerprint}{vectors}: {outcome}.")


@cli.command()
def search(question: str, *, programme: Programme = None, as_json: AsJson = False) -> None:
    """Muestra el orden que hay detrás de una respuesta."""
    from rag import terminal
    from rag.assistant import open_assistant

    terminal.search(
        open_assistant(settings_module.load(), _announce), question, programme, as_json=as_json
    )


@cli.command()
def doctor(
    *,
    models: Annotated[
        bool, typer.Option("--models", help="También los servidores de modelos.")
    ] = False,
    model: Annotated[str | None, typer.Option(help="Prueba a fondo este modelo.")] = None,
    as_json: AsJson = False,
) -> None:
    """Comprueba documento, índice y vocabulario; si se pide, los modelos."""
    from rag import terminal
    from rag.doctor import examination

    findings = examination(settings_module.load(), models=models, model=model)
    raise typer.Exit(terminal.doctor(findings, as_json=as_json))


@cli.command()
def models(*, as_json: AsJson = False) -> None:
    """Muestra los modelos configurados y si responden."""
    from rag import terminal

    terminal.models(settings_module.load(), as_json=as_json)


@cli.command(
    name="eval",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def evaluate(context: typer.Context) -> None:
    """Evalúa las respuestas (`cinco eval --help`)."""
    from eval.__main__ import main as evaluation

    evaluation(context.args)


def _receipt_files(name: str | None, *, is_batch: bool) -> tuple[Path, ...]:
    """Where the receipt goes, checked before anything is asked; nowhere without a name."""
    if name is None:
        return ()
    if is_batch:
        raise typer.BadParameter("un lote no tiene recibo; use --receipt con una pregunta")
    from rag.answer import receipt_files

    return receipt_files.targets(name)


@contextmanager
def _lines(name: str) -> Iterator[Iterator[bytes]]:
    if name == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115  closed below: only opening it fails this way
    except OSError as error:
        raise InputError(
            f"No se puede leer {name}: {error.strerror}.",
            remedy="Revise la ruta, o use «-» para la entrada estándar.",
        ) from error
    with file:
        yield iter(file)


def _announce(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _complain(error: RagError) -> None:
    _announce(f"cinco: {error.problem} {error.remedy}")


if __name__ == "__main__":
    main()
