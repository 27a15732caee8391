"""How the configured models stand, asked in the background: nobody waits for a server."""

import time
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Final

from rag.models.registry import ChatEntry, EmbeddingEntry
from rag.models.status import Status, status_of

Entry = ChatEntry | EmbeddingEntry

FRESH_SECONDS: Final = 60.0
"""What was found is believed for so long."""

PAUSE_SECONDS: Final = 5.0
"""Between two rounds, however often someone asks for one: servers have other work."""

PATIENCE_SECONDS: Final = 10.0
"""What has not answered by then counts as silent; an address may take longer to resolve."""


class Watch:
    """The last round of checks, one thread per entry; shared by all visitors."""

    def __init__(
        self, entries: Iterable[Entry], check: Callable[[Entry], Status] = status_of
    ) -> None:
        """Take what is to be watched; nothing is asked yet."""
        self._entries = tuple(entries)
        self._check = check
        self._lock = Lock()
        self._began: float | None = None
        self._found: dict[tuple[type, str], Status] = {}

    def look(self, *, max_age_seconds: float = FRESH_SECONDS) -> None:
        """Begin a round, unless one is running or was begun shortly before."""
        with self._lock:
            age = self._age
            if self.is_looking or age < max(max_age_seconds, PAUSE_SECONDS):
                return
            found: dict[tuple[type, str], Status] = {}
            self._began, self._found = time.monotonic(), found
        for entry in self._entries:
            Thread(target=self._ask, args=(entry, found), daemon=True).start()

    @property
    def is_looking(self) -> bool:
        """Whether answers of this round are still waited for."""
        return len(self._found) < len(self._entries) and self._age < PATIENCE_SECONDS

    def status(self, entry: Entry) -> Status | None:
        """What was found; `None` while it is waited for."""
        found = self._found.get(_key(entry))
        if found or self._began is None or self._age < PATIENCE_SECONDS:
            return found
        return Status(entry, "silent")

    @property
    def _age(self) -> float:
        """Seconds since the round began; endless before the first."""
        return float("inf") if self._began is None else time.monotonic() - self._began

    def _ask(self, entry: Entry, found: dict[tuple[type, str], Status]) -> None:
        # Into its own round: one that was given up may still answer.
        found[_key(entry)] = self._check(entry)


def _key(entry: Entry) -> tuple[type, str]:
    """A chat model and an embedder may have the same name."""
    return type(entry), entry.name
