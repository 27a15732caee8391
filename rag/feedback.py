"""The commands for what readers thought of answers."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag import settings as settings_module
from rag.errors import InputError

commands = typer.Typer(
    help="Las valoraciones que dejaron quienes usan la aplicación.", no_args_is_help=True
)


@commands.callback()
def _group() -> None:
    """Keep `export` a command of its own while there is no second."""


@commands.command()
def export(
    *,
    output: Annotated[
        Path | None, typer.Option(metavar="ARCHIVO", help="Dónde; si no, en la salida.")
    ] = None,
) -> None:
    """Escribe las valoraciones en el formato de las preguntas de evaluación, una por línea."""
    from rag.contract import dumps
    from rag.conversations.curation import items
    from rag.conversations.store import open_store

    store = open_store(settings_module.load())
    lines = [f"{dumps(item)}\n" for item in items(store.rated())]
    store.close()
    if output is None:
        sys.stdout.writelines(lines)
    else:
        _write(output, "".join(lines))
    sys.stderr.write(f"Valoraciones: {len(lines)}.\n")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "la ruta no es válida"
        raise InputError(
            f"No se puede escribir {file}: {reason}.",
            remedy="Elija otra ruta, en una carpeta donde pueda escribir.",
        ) from error
