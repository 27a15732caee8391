import socket
from collections.abc import Iterator

import pytest

from rag import settings
from rag.errors import SettingsError
from rag.launcher import HOST, run_app
from tests.product import cinco_here


@pytest.fixture(name="taken_port")
def _taken_port() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def _ignore(_: str) -> None:
    pass


def test_a_port_that_is_taken_is_an_error_that_names_another(taken_port: int) -> None:
    with pytest.raises(SettingsError, match=f"PORT={taken_port + 1}"):
        run_app(settings.load(), port=taken_port, headless=True, announce=_ignore)


def test_the_program_reports_a_port_that_is_taken_in_one_line(taken_port: int) -> None:
    run = cinco_here("chat", "--headless", "--port", str(taken_port))
    assert (run.returncode, run.stderr.count(b"\n")) == (1, 1)


@pytest.mark.parametrize("port", ["0", "65536", "ocho"])
def test_an_impossible_port_is_a_usage_error(port: str) -> None:
    assert cinco_here("chat", "--headless", "--port", port).returncode == 2


def test_the_app_is_served_on_loopback_only() -> None:
    assert HOST == "127.0.0.1"
