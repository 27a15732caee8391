"""Starts the browser app on loopback."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rag.assistant import open_assistant
from rag.errors import SettingsError
from rag.settings import Settings

APP = Path(__file__).parent.parent / "app.py"
HOST = "127.0.0.1"


def run_app(
    settings: Settings, *, port: int, headless: bool, announce: Callable[[str], None]
) -> None:
    """Build the index where needed, then serve the app until it is stopped.

    Raises:
        SettingsError: the port is taken, or this is not a checkout.
        RagError: the document or the index cannot be used.
    """
    _require_app()
    _require_free(port)
    open_assistant(settings, announce)
    announce(f"Abriendo la aplicación en http://{HOST}:{port} (Ctrl-C para terminar).")
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.address={HOST}"]
    command += [f"--server.port={port}", f"--server.headless={str(headless).lower()}"]
    command += ["--browser.gatherUsageStats=false"]
    environment = os.environ | {"ANONYMIZED_TELEMETRY": "False"}
    try:
        subprocess.run(command, cwd=APP.parent, env=environment, check=False)  # noqa: S603  ours
    except KeyboardInterrupt:
        announce("Aplicación terminada.")


def _require_app() -> None:
    if not APP.is_file():
        raise SettingsError(
            f"No se encuentra {APP}.",
            remedy="Ejecute `cinco chat` desde una copia del repositorio (`make chat`).",
        )


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SettingsError(
                f"El puerto {port} está ocupado.",
                remedy=f"Elija otro: `make chat PORT={port + 1 if port < 65535 else 8501}`.",
            ) from error
