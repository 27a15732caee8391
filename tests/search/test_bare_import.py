import json
import os
import subprocess
import sys
from functools import cache

import pytest

from rag.search.bare_import import EXPORTER
from tests.product import ROOT

REPORT = """
import json, sys
from pydantic import BaseModel
from pydantic_settings import BaseSettings
import overrides
before = overrides.override, overrides.overrides, BaseSettings.__init__
from rag.search import chroma
from chromadb.api.rust import RustBindingsAPI
after = overrides.override, overrides.overrides, BaseSettings.__init__
print(json.dumps({
    "modules": sorted(sys.modules),
    "is restored": before == after,
    "is marked": RustBindingsAPI.heartbeat.__override__,
}))
"""


def output_of(code: str) -> str:
    """What a process of its own prints."""
    path = os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@cache
def report() -> dict[str, object]:
    """What a process finds that has imported Chroma as we do."""
    found: dict[str, object] = json.loads(output_of(REPORT))
    return found


@pytest.mark.parametrize("module", ["grpc", EXPORTER])
def test_chroma_is_imported_without(module: str) -> None:
    modules = report()["modules"]
    assert isinstance(modules, list)
    assert ("chromadb" in modules, module in modules) == (True, False)


def test_others_find_settings_and_decorators_as_they_were() -> None:
    assert report()["is restored"] is True


def test_methods_stay_marked_as_overrides() -> None:
    assert report()["is marked"] is True


def test_others_can_still_import_the_exporter() -> None:
    code = f"import rag.search.chroma; from {EXPORTER} import OTLPSpanExporter as found"
    assert output_of(f"{code}; print(found.__name__)") == "OTLPSpanExporter\n"
