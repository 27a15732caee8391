"""What the tables say, as the types of this room."""

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from rag.conversations import codec
from rag.conversations.conversation import Conversation, Feedback, StoredTurn, Summary
from rag.conversations.tables import conversations, feedback, turns

Condition = ColumnElement[bool]


def is_own(owner: str, conversation: str) -> tuple[Condition, ...]:
    """The conversation, if it is the owner's."""
    return conversations.c.id == conversation, conversations.c.owner == owner


def is_own_turn(owner: str, conversation: str, ordinal: int) -> tuple[Condition, ...]:
    """The turn of a conversation, if that is the owner's."""
    return (
        turns.c.conversation == conversation,
        turns.c.ordinal == ordinal,
        exists().where(*is_own(owner, conversation)),
    )


def summaries(
    connection: Connection, owner: str, terms: tuple[str, ...], limit: int
) -> tuple[Summary, ...]:
    """The owner's conversations that have turns and hold every term, the last used first."""
    columns = conversations.c
    query = (
        select(columns.id, columns.title, columns.begun, columns.used, func.count())
        .join(turns, turns.c.conversation == columns.id)
        .where(columns.owner == owner, *map(_holds, terms))
        .group_by(columns.id, columns.title, columns.begun, columns.used)
        .order_by(columns.used.desc(), columns.begun.desc(), columns.id)
        .limit(limit)
    )
    return tuple(Summary(*row) for row in connection.execute(query))


def _holds(term: str) -> Condition:
    """Whether title, a question or an answer holds the term, every character meaning itself."""
    other = turns.alias()
    in_a_turn = exists().where(
        other.c.conversation == conversations.c.id,
        or_(
            other.c.folded_question.contains(term, autoescape=True),
            other.c.folded_answer.contains(term, autoescape=True),
        ),
    )
    return or_(conversations.c.folded_title.contains(term, autoescape=True), in_a_turn)


def conversation(
    connection: Connection, conversation_id: str, owner: str | None = None
) -> Conversation | None:
    """The conversation with its turns; of this owner, unless none is named."""
    whose = () if owner is None else (conversations.c.owner == owner,)
    query = select(conversations).where(conversations.c.id == conversation_id, *whose)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    of_turn = and_(
        feedback.c.conversation == turns.c.conversation, feedback.c.ordinal == turns.c.ordinal
    )
    rows = connection.execute(
        select(turns, feedback.c.is_useful, feedback.c.reason, feedback.c.comment, feedback.c.at)
        .outerjoin(feedback, of_turn)
        .where(turns.c.conversation == conversation_id)
        .order_by(turns.c.ordinal)
    )
    return Conversation(row.id, row.title, row.begun, row.used, tuple(map(_turn, rows)))


def feedback_on(
    connection: Connection, owner: str, conversation_id: str, ordinal: int
) -> Feedback | None:
    """What the owner thinks of the turn's answer."""
    row = connection.execute(
        select(feedback).where(
            feedback.c.conversation == conversation_id,
            feedback.c.ordinal == ordinal,
            exists().where(*is_own(owner, conversation_id)),
        )
    ).one_or_none()
    return None if row is None else _feedback(row)


def rated(connection: Connection) -> tuple[str, ...]:
    """Ids of the conversations that have feedback, the oldest first."""
    has_feedback = exists().where(feedback.c.conversation == conversations.c.id)
    query = select(conversations.c.id).where(has_feedback)
    return tuple(
        connection.scalars(query.order_by(conversations.c.begun, conversations.c.id)).all()
    )


def _turn(row: Row[tuple[object, ...]]) -> StoredTurn:
    return StoredTurn(
        ordinal=row.ordinal,
        question=codec.decode_question(row.question),
        answer=None if row.answer is None else codec.decode_answer(row.answer),
        partial=row.partial,
        asked_at=row.asked_at,
        is_alone=row.is_alone,
        model=row.model,
        feedback=None if row.is_useful is None else _feedback(row),
    )


def _feedback(row: Row[tuple[object, ...]]) -> Feedback:
    return Feedback(row.is_useful, row.reason, row.comment, row.at)
