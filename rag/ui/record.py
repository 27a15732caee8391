"""What is kept of a conversation while it goes on; a store that fails takes no answer with it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rag.conversations.conversation import Asked, Feedback
from rag.conversations.store import ConversationStore
from rag.domain import Answer
from rag.errors import ConversationError

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Drawer:
    """What the store has for one owner."""

    store: ConversationStore
    owner: str

    def attempt(
        self, step: Callable[[ConversationStore, str], _Result]
    ) -> tuple[_Result | None, ConversationError | None]:
        """What a step gives, or why the store fails; a failure is logged and never raised."""
        try:
            return step(self.store, self.owner), None
        except ConversationError as error:
            log.warning("stored conversations are out of reach: %s", error.problem)
            return None, error


class Record:
    """One conversation in the drawer of its owner, begun with its first question."""

    def __init__(self, drawer: Drawer | None, id_: str | None = None) -> None:
        """Without a drawer nothing is kept."""
        self._drawer = drawer
        self.id = id_
        self.problem: ConversationError | None = None
        """Why the last step could not be kept, if so."""

    def begin_turn(self, asked: Asked, *, replacing: int | None = None) -> int | None:
        """Keep a question before its answer is sought; its ordinal, or `None` where none is kept.

        A conversation that was deleted meanwhile goes on as a new one.
        """

        def begin(store: ConversationStore, owner: str) -> int | None:
            ordinal = None
            if self.id:
                ordinal = store.begin_turn(owner, self.id, asked, replacing=replacing)
            if ordinal is None:
                self.id = store.begin(owner, asked.question.text)
                ordinal = store.begin_turn(owner, self.id, asked)
            return ordinal

        return self._keep(begin)

    def writer(self, ordinal: int | None) -> "TurnRecord | None":
        """What keeps the answer of a turn, from any thread."""
        if ordinal is None or self.id is None or self._drawer is None:
            return None
        return TurnRecord(self._drawer, self.id, ordinal)

    def rate(self, ordinal: int, given: Feedback | None) -> None:
        """Keep what the reader thinks of an answer."""
        if id_ := self.id:
            self._keep(lambda store, owner: store.put_feedback(owner, id_, ordinal, given))

    def rename(self, title: str) -> None:
        """Give the conversation another title."""
        if id_ := self.id:
            self._keep(lambda store, owner: store.rename(owner, id_, title))

    def _keep(self, step: Callable[[ConversationStore, str], _Result]) -> _Result | None:
        if self._drawer is None:
            return None
        result, self.problem = self._drawer.attempt(step)
        return result


class TurnRecord:
    """One turn in the store: what comes of its answer is kept as it comes."""

    def __init__(self, drawer: Drawer, id_: str, ordinal: int) -> None:
        """Of a turn that has begun."""
        self.key = (id_, ordinal)
        self._drawer = drawer

    def partial(self, text: str) -> None:
        """Keep what has come so far."""
        self._drawer.attempt(lambda store, owner: store.keep_partial(owner, *self.key, text))

    def finish(self, answer: Answer) -> None:
        """Keep the answer."""
        self._drawer.attempt(lambda store, owner: store.finish_turn(owner, *self.key, answer))
