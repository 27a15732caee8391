"""What holds for every test: no network but loopback, and a data folder that is not the user's."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cinco_network_guard
import pytest
from hypothesis import HealthCheck, settings

import rag.settings

collect_ignore = ["network_guard/sitecustomize.py"]

GUARD_FOLDER = Path(cinco_network_guard.__file__).parent
SESSION_FOLDER = pytest.StashKey[Path]()

# No deadlines: a busy machine is slow, not wrong. CI draws the same examples every time.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)


class Refusals:
    """What the network guard refused in this session, in any process started by it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes_taken = 0

    def take(self) -> list[str]:
        """The refusals since the last call, oldest first; taken ones fail no test."""
        if not self._path.exists():
            return []
        new = self._path.read_bytes()[self._bytes_taken :]
        self._bytes_taken += len(new)
        return new.decode().splitlines()


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment that the tests, their workers and their processes inherit."""
    settings.load_profile("ci" if os.environ.get("CI") else "local")
    folder = Path(tempfile.mkdtemp(prefix="cinco-tests-"))
    config.stash[SESSION_FOLDER] = folder
    if not hasattr(config, "workerinput"):
        _copy_newest_index(rag.settings.load().index_dir, folder / "data" / "index")
        for name in [name for name in os.environ if name.startswith("CINCO_")]:
            del os.environ[name]
        os.environ["CINCO_DATA_DIR"] = str(folder / "data")
        inherited = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD_FOLDER), inherited]))
    os.environ[cinco_network_guard.LOG_VARIABLE] = str(folder / "refusals.log")
    cinco_network_guard.install()


def _copy_newest_index(source: Path, target: Path) -> None:
    """Where it is this code's, no worker has to wait a minute for one; another is passed over."""
    indexes = source.glob("[0-9a-f]*-[0-9]*")
    if newest := max(indexes, key=lambda path: path.name.partition("-")[2], default=None):
        shutil.copytree(newest, target / newest.name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(config.stash[SESSION_FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def refusals(request: pytest.FixtureRequest) -> Refusals:
    """The refusals of the network guard, for the tests that dial on purpose."""
    return Refusals(request.config.stash[SESSION_FOLDER] / "refusals.log")


@pytest.fixture(autouse=True)
def _test_stays_on_this_machine(refusals: Refusals) -> Iterator[None]:
    yield
    _fail_on(refusals.take())


@pytest.fixture(scope="session", autouse=True)
def _session_stays_on_this_machine(refusals: Refusals) -> Iterator[None]:
    yield
    _fail_on(refusals.take())


def _fail_on(dialled: list[str]) -> None:
    if dialled:
        pytest.fail("The network guard refused:\n" + "\n".join(dialled), pytrace=False)
