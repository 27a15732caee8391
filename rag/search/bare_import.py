"""How Chroma is imported: without the settings, checks and exporters that it never needs here."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from pydantic import BaseModel
from pydantic_settings import BaseSettings

Method = TypeVar("Method", bound=Callable[..., object])

EXPORTER = "opentelemetry.exporter.otlp.proto.grpc.trace_exporter"


@contextmanager
def bare_import() -> Iterator[None]:
    """What Chroma is imported in: its import takes a quarter less than by itself."""
    with _without_ambient_settings(), _without_checks(), _without_exporter():
        yield


@contextmanager
def _without_ambient_settings() -> Iterator[None]:
    """Settings classes take their defaults alone.

    Chroma fills its settings from the environment and `.env` while it is imported, and one value
    that it does not like (`MIGRATIONS=1`) would end the import.
    """
    with _standing_in(BaseSettings, __init__=BaseModel.__init__):
        yield


@contextmanager
def _without_checks() -> Iterator[None]:
    """`@override` compares no signatures: that is for those who write Chroma."""
    with _standing_in(_override_library(), override=_marked, overrides=_marked):
        yield


def _override_library() -> ModuleType:
    """The library of `@override`; an empty one where Chroma does without."""
    try:
        return import_module("overrides")
    except ModuleNotFoundError:
        return ModuleType("overrides")


def _marked(method: Method) -> Method:
    """The method, marked as the library marks it."""
    vars(method)["__override__"] = True
    return method


@contextmanager
def _without_exporter() -> Iterator[None]:
    """Nothing stands for what would send traces away over gRPC, which takes its time to import.

    Chroma makes one only where its settings name an address.
    """
    exporter = ModuleType(EXPORTER)
    vars(exporter)["OTLPSpanExporter"] = None
    is_needed = sys.modules.setdefault(EXPORTER, exporter) is exporter
    try:
        yield
    finally:
        if is_needed:
            del sys.modules[EXPORTER]


@contextmanager
def _standing_in(owner: object, **values: object) -> Iterator[None]:
    """The values stand in for attributes of the owner."""
    originals = {name: getattr(owner, name, None) for name in values}
    _set(owner, values)
    try:
        yield
    finally:
        _set(owner, originals)


def _set(owner: object, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(owner, name, value)
