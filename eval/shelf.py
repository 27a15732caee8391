"""The folder of all runs: begin one, go on with one, find one."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from eval.conditions import Conditions
from eval.items import Item
from eval.runs import Json, Record, Run, RunError
from rag.settings import Settings

LATEST = "latest"
PREVIOUS = "previous"

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


class Shelf:
    """The runs below one folder, each named by when it began and what it asks."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of(cls, settings: Settings) -> "Shelf":
        """The runs of this data folder."""
        return cls(settings.data_dir / "eval" / "runs")

    def begin(
        self, conditions: Conditions, items: Sequence[Item], outline: Json, source: str
    ) -> Run:
        """A new run, nothing asked yet.

        Raises:
            RunError: the folder cannot be written.
        """
        now = datetime.now(UTC)
        run = Run(self._new_folder(now, conditions))
        run.fill(items, outline, source)
        is_test = any(item.split == "test" for item in items)
        record = Record(
            id=run.folder.name, started=now, conditions=conditions, test_part_used=is_test
        )
        run.write(record)
        return run

    def unfinished(self, conditions: Conditions) -> Run | None:
        """The newest run under the same conditions that has questions left, if any."""
        for run in self.runs():
            record = run.record
            if record.finished is None and record.conditions == conditions:
                return run
        return None

    def runs(self) -> Iterator[Run]:
        """Every readable run, the newest first."""
        folders = self.root.iterdir() if self.root.is_dir() else ()
        begun = {folder: started for folder in folders if (started := _begun(folder))}
        yield from (Run(folder) for folder in sorted(begun, key=begun.__getitem__, reverse=True))

    def find(self, name: str) -> Run:
        """The run of that id, beginning of an id or folder; `latest` and `previous` go by time.

        Runs that were only made to compare another with do not count there.

        Raises:
            RunError: there is none, or several begin like this.
        """
        if name in (LATEST, PREVIOUS):
            found = [run for run in self.runs() if not run.record.is_baseline]
            found = found[: 1 if name == LATEST else 2]
            found = found[-1:] if name == LATEST or len(found) > 1 else []
        elif (Path(name) / "run.json").is_file():
            return Run(Path(name))
        else:
            found = [run for run in self.runs() if run.folder.name.startswith(name)]
            found = [run for run in found if run.folder.name == name] or found
        if len(found) != 1:
            raise RunError(
                f"«{name}» nombra {len(found)} corridas.",
                remedy="Vea `cinco eval runs`; valen un id, su comienzo, una carpeta, "
                "`latest` y `previous`.",
            )
        return found[0]

    def _new_folder(self, now: datetime, conditions: Conditions) -> Path:
        model = _UNSAFE.sub("-", conditions.answerer).strip("-")
        stem = f"{now:%Y%m%d-%H%M%S}-{model}-{conditions.selection.split}"
        for number in count(1):
            folder = self.root / (stem if number == 1 else f"{stem}-{number}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise RunError(
                    f"No se puede crear {folder}: {error.strerror}.",
                    remedy="Corrija los permisos o elija otra carpeta con CINCO_DATA_DIR.",
                ) from error
            return folder
        raise AssertionError


def _begun(folder: Path) -> datetime | None:
    """When the run of the folder began; `None` where there is no readable run."""
    try:
        return Run(folder).record.started
    except RunError:
        return None
