"""The app as `cinco chat` starts it, for as long as its context lasts."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.product import COMMAND, ROOT

START_SECONDS = 240


class App:
    """One app on one port; it can be killed and started again."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Nothing runs yet; its log is in the folder."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._log = folder / "app.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it answers."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [*COMMAND, "chat", "--headless", "--port", str(self._port)],
                cwd=ROOT,
                env=os.environ | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(self._process)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal, with all its processes."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, sign)
            self._process.wait(timeout=20)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until the app answers; else what it said."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):  # noqa: S310
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        pytest.fail(f"The app did not start:\n{self._log.read_text(errors='replace')}")


@contextmanager
def served(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Where it listens."""
    app = App(folder, environment)
    try:
        app.start()
        yield app.address
    finally:
        app.end()
