"""Stored conversations: every one belongs to an owner, and is there for nobody else."""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from rag.conversations import codec, reading, titles, writing
from rag.conversations.conversation import Asked, Conversation, Feedback, Summary
from rag.conversations.database import BUSY_SECONDS, Database, sqlite_url
from rag.conversations.folding import fold, terms
from rag.conversations.tables import conversations, turns
from rag.domain import Answer
from rag.settings import Settings

PURGE_SECONDS = 3600.0
"""How often a new conversation also deletes what is too old."""

MAX_LISTED = 200


def _now() -> datetime:
    return datetime.now(UTC)


class ConversationStore:
    """Conversations in a database; safe for several threads and several processes.

    An unknown conversation and one of another owner are the same to every method: it returns
    `None` or `False`. Every method raises `ConversationError` where the database fails.
    """

    def __init__(
        self,
        url: str,
        *,
        retention: timedelta | None = None,
        now: Callable[[], datetime] = _now,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        """Open the database at SQLAlchemy's URL, and delete what is older than `retention`.

        Raises:
            ConversationError: it cannot be used, or a newer program made it.
        """
        self._database = Database(url, busy_seconds=busy_seconds)
        self._retention = retention
        self._now = now
        self._purged_at = float("-inf")
        self._purge_if_due()

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._database.close()

    def begin(self, owner: str, question: str) -> str:
        """A new conversation, named after its first question; listed once it has a turn."""
        self._purge_if_due()
        new, title = secrets.token_urlsafe(16), titles.from_question(question)
        with self._database.writing() as connection:
            writing.add_conversation(connection, new, owner, title, self._now())
        return new

    def recent(self, owner: str, limit: int = MAX_LISTED) -> tuple[Summary, ...]:
        """The conversations of an owner that have turns, the last used first."""
        with self._database.reading() as connection:
            return reading.summaries(connection, owner, (), limit)

    def search(self, owner: str, query: str, limit: int = MAX_LISTED) -> tuple[Summary, ...]:
        """Those that hold every word of the query, in title, questions or answers.

        Case and accents do not count, and no character stands for others. All, for no words.
        """
        with self._database.reading() as connection:
            return reading.summaries(connection, owner, terms(query), limit)

    def load(self, owner: str, conversation: str) -> Conversation | None:
        """The conversation with all its turns."""
        with self._database.reading() as connection:
            return reading.conversation(connection, conversation, owner)

    def rated(self) -> Iterator[Conversation]:
        """Every conversation, of any owner, that has feedback; for the operator, oldest first."""
        with self._database.reading() as connection:
            ids = reading.rated(connection)
        for id_ in ids:
            with self._database.reading() as connection:
                found = reading.conversation(connection, id_)
            if found is not None:
                yield found

    def rename(self, owner: str, conversation: str, title: str) -> bool:
        """Give it a title, cleaned and cut to 120 characters; `False` also for an empty one."""
        clean = titles.cleaned(title)
        changes = {"title": clean, "folded_title": fold(clean), "is_named": True}
        query = update(conversations).where(*reading.is_own(owner, conversation)).values(changes)
        with self._database.writing() as connection:
            return bool(clean) and connection.execute(query).rowcount > 0

    def delete(self, owner: str, conversation: str) -> bool:
        """Delete it with its turns and their feedback, for good."""
        return self._delete(*reading.is_own(owner, conversation)) > 0

    def delete_all(self, owner: str) -> int:
        """Delete everything of an owner; how many conversations it was."""
        return self._delete(conversations.c.owner == owner)

    def purge(self, older_than: timedelta) -> int:
        """Delete what nobody has continued for so long, of any owner; how many it was."""
        return self._delete(conversations.c.used < self._now() - older_than)

    def begin_turn(
        self, owner: str, conversation: str, asked: Asked, *, replacing: int | None = None
    ) -> int | None:
        """Store a question before its answer is sought; the ordinal of the turn.

        `replacing`: drops that turn and all later ones in the same step. A dropped ordinal is
        not used again, so that an answer that comes too late finds no turn to overwrite.
        """
        dropped = 0
        with self._database.writing() as connection:
            if not writing.use(connection, owner, conversation, self._now()):
                return None
            if replacing is not None:
                dropped = writing.drop_turns(connection, conversation, replacing)
            ordinal = writing.add_turn(connection, conversation, asked)
            writing.name_after(connection, conversation, asked.question.text)
        if dropped:
            self._database.shrink()
        return ordinal

    def keep_partial(self, owner: str, conversation: str, ordinal: int, text: str) -> bool:
        """Store what has come of an answer so far; `False` where it is finished already."""
        unfinished = (*reading.is_own_turn(owner, conversation, ordinal), turns.c.answer.is_(None))
        query = update(turns).where(*unfinished).values(partial=codec.storable(text))
        with self._database.writing() as connection:
            return connection.execute(query).rowcount > 0

    def finish_turn(self, owner: str, conversation: str, ordinal: int, answer: Answer) -> bool:
        """Store the answer in place of what had come of it; `False` where the turn was dropped."""
        found = "\n".join([answer.text, *(citation.quote for citation in answer.citations)])
        changes = {"answer": codec.encode_answer(answer), "partial": ""}
        changes |= {"folded_answer": fold(codec.storable(found))}
        own = reading.is_own_turn(owner, conversation, ordinal)
        with self._database.writing() as connection:
            is_there = connection.execute(update(turns).where(*own).values(changes)).rowcount > 0
            return is_there and writing.use(connection, owner, conversation, self._now())

    def replace_from(self, owner: str, conversation: str, ordinal: int) -> bool:
        """Drop a turn and all later ones, with their feedback; `False` where there was none."""
        with self._database.writing() as connection:
            is_there = writing.use(connection, owner, conversation, self._now())
            dropped = writing.drop_turns(connection, conversation, ordinal) if is_there else 0
        if dropped:
            self._database.shrink()
        return dropped > 0

    def put_feedback(
        self, owner: str, conversation: str, ordinal: int, given: Feedback | None
    ) -> bool:
        """Store what the owner thinks of an answer in place of what it was; `None` takes it back.

        The comment is cut to 2,000 characters.
        """
        own = reading.is_own_turn(owner, conversation, ordinal)
        locked = select(turns.c.ordinal).where(*own).with_for_update()
        with self._database.writing() as connection:
            if connection.scalars(locked).first() is None:
                return False
            writing.put_feedback(connection, conversation, ordinal, given)
        if given is None:
            self._database.shrink()
        return True

    def feedback_on(self, owner: str, conversation: str, ordinal: int) -> Feedback | None:
        """What the owner thinks of an answer."""
        with self._database.reading() as connection:
            return reading.feedback_on(connection, owner, conversation, ordinal)

    def _delete(self, *which: reading.Condition) -> int:
        with self._database.writing() as connection:
            deleted = writing.drop_conversations(connection, *which)
        if deleted:
            self._database.shrink()
        return deleted

    def _purge_if_due(self) -> None:
        if self._retention is not None and time.monotonic() > self._purged_at + PURGE_SECONDS:
            self._purged_at = time.monotonic()
            self.purge(self._retention)


def open_store(settings: Settings) -> ConversationStore:
    """The store that the settings name.

    Raises:
        ConversationError: the database cannot be used, or a newer program made it.
    """
    url, days = settings.database_url, settings.retention_days
    return ConversationStore(
        url.get_secret_value() if url else sqlite_url(settings.conversations_file),
        retention=timedelta(days=days) if days else None,
    )
