"""Single changes to the tables, inside a transaction that someone else began."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from rag.conversations import codec, titles
from rag.conversations.conversation import MAX_COMMENT, Asked, Feedback
from rag.conversations.folding import fold
from rag.conversations.reading import Condition, is_own
from rag.conversations.tables import conversations, feedback, turns


def add_conversation(
    connection: Connection, conversation: str, owner: str, title: str, begun: datetime
) -> None:
    """A conversation without turns."""
    row = {"id": conversation, "owner": owner, "begun": begun, "used": begun, "next_ordinal": 1}
    row |= {"title": title, "folded_title": fold(title), "is_named": False}
    connection.execute(insert(conversations).values(row))


def use(connection: Connection, owner: str, conversation: str, now: datetime) -> bool:
    """Note that it is continued; whether it is there."""
    query = update(conversations).where(*is_own(owner, conversation)).values(used=now)
    return connection.execute(query).rowcount > 0


def add_turn(connection: Connection, conversation: str, asked: Asked) -> int:
    """A turn behind all others; its ordinal. The conversation is locked by `use`."""
    of_it = conversations.c.id == conversation
    ordinal: int = connection.scalars(select(conversations.c.next_ordinal).where(of_it)).one()
    connection.execute(update(conversations).where(of_it).values(next_ordinal=ordinal + 1))
    connection.execute(
        insert(turns).values(
            conversation=conversation,
            ordinal=ordinal,
            question=codec.encode_question(asked.question),
            partial="",
            folded_question=fold(codec.storable(asked.question.text)),
            folded_answer="",
            asked_at=asked.asked_at,
            is_alone=asked.is_alone,
            model=None if asked.model is None else codec.storable(asked.model),
        )
    )
    return ordinal


def name_after(connection: Connection, conversation: str, question: str) -> None:
    """Title it after its only question, unless its owner gave it a title."""
    others = select(func.count()).where(turns.c.conversation == conversation)
    if connection.scalars(others).one() > 1:
        return
    title = titles.from_question(question)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.is_named.is_(False))
        .values(title=title, folded_title=fold(title))
    )


def drop_turns(connection: Connection, conversation: str, first: int) -> int:
    """Delete a turn and all later ones; how many."""
    of_it = (turns.c.conversation == conversation, turns.c.ordinal >= first)
    return connection.execute(delete(turns).where(*of_it)).rowcount


def put_feedback(
    connection: Connection, conversation: str, ordinal: int, given: Feedback | None
) -> None:
    """Store what a reader thinks in place of what it was, or nothing."""
    of_turn = (feedback.c.conversation == conversation, feedback.c.ordinal == ordinal)
    connection.execute(delete(feedback).where(*of_turn))
    if given is None:
        return
    connection.execute(
        insert(feedback).values(
            conversation=conversation,
            ordinal=ordinal,
            is_useful=given.is_useful,
            reason=given.reason,
            comment=codec.storable(given.comment)[:MAX_COMMENT],
            at=given.at,
        )
    )


def drop_conversations(connection: Connection, *which: Condition) -> int:
    """Delete them with all that hangs on them; how many."""
    return connection.execute(delete(conversations).where(*which)).rowcount
