"""Runs on the disk: a folder each, with all that is needed to judge it again years later."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from eval import journal
from eval.conditions import Conditions
from eval.items import Item, load
from eval.metrics.reference import Reference
from rag.contract import dumps
from rag.errors import RagError

Stop = Literal["max_seconds", "max_tokens", "interrupted"]
"""Why a run ended before its last question."""

Json = Mapping[str, object]

_RECORD = "run.json"
_ITEMS = "items.jsonl"
_DOCUMENT = "document.json"


class RunError(RagError):
    """A run cannot be found, read or written."""


class Record(BaseModel):
    """What a run says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    started: datetime
    conditions: Conditions
    test_part_used: bool
    finished: datetime | None = None
    """`None` as long as a question is unanswered."""
    stopped: Stop | None = None
    seconds: float = 0.0
    """Over all attempts; one that was killed counts nothing."""
    prompts: tuple[str, ...] = ()
    """Versions of the prompts that its answers were made with."""
    revealed: tuple[datetime, ...] = ()
    """When somebody had failing cases of the test part shown."""
    is_baseline: bool = False
    """Whether it was only made to compare a model's run with."""


class Run:
    """One run: its folder and what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def results_path(self) -> Path:
        """Where results are appended."""
        return self.folder / "results.jsonl"

    @property
    def record(self) -> Record:
        """What it says of itself.

        Raises:
            RunError: the folder holds no run.
        """
        try:
            return Record.model_validate_json(self._text(_RECORD))
        except ValidationError as error:
            raise RunError(
                f"{self.folder / _RECORD} no describe una corrida de esta versión.",
                remedy="Borre la carpeta o use la versión con la que se hizo.",
            ) from error

    def write(self, record: Record) -> None:
        """Replace the record in one step."""
        self.put(_RECORD, record.model_dump_json(indent=2) + "\n")

    def fill(self, items: Sequence[Item], outline: Json, source: str) -> None:
        """Keep the questions and the document."""
        lines = (dumps(item.model_dump(exclude_unset=True)) for item in items)
        self.put(_ITEMS, "".join(f"{line}\n" for line in lines))
        self.put(_DOCUMENT, dumps({"outline": outline, "source": source}))

    def put(self, name: str, text: str) -> Path:
        """Write a file of the folder in one step; where it stands.

        Raises:
            RunError: the disk does not take it.
        """
        path, aside = self.folder / name, self.folder / f".{name}"
        try:
            aside.write_text(text, encoding="utf-8", newline="")
            aside.replace(path)
        except OSError as error:
            raise RunError(
                f"No se puede escribir {path}: {error.strerror}.",
                remedy="Libere espacio o elija otra carpeta con CINCO_DATA_DIR.",
            ) from error
        return path

    def items(self) -> tuple[Item, ...]:
        """The questions that it asks, with the gold of the day."""
        return load(self.folder / _ITEMS)

    def reference(self) -> Reference:
        """The document that it was asked about."""
        stored = json.loads(self._text(_DOCUMENT))
        return Reference.of(stored["outline"], stored["source"])

    def results(self) -> list[journal.Line]:
        """Every result on the disk, in the order of arrival."""
        return journal.read(self.results_path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from writing to it.

        Raises:
            RunError: another one is.
        """
        lock = FileLock(self.folder / ".lock", blocking=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise RunError(
                f"Otro proceso escribe en {self.folder}.", remedy="Espere a que termine."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except OSError as error:
            raise RunError(
                f"No hay ninguna corrida en {self.folder}.", remedy="Vea `cinco eval runs`."
            ) from error
