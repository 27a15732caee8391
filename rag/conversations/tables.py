"""The tables of the database; deleting a conversation takes with it all that hangs on it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.mysql import LONGTEXT

VERSION = 1
"""Goes up when an older program could no longer use the tables."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONG = Text().with_variant(LONGTEXT(), "mysql", "mariadb")
"""MySQL's own `Text` ends at 64 KB."""


class Moment(TypeDecorator[datetime]):
    """A time, stored as microseconds since 1970: the same in every database, to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """What is stored."""
        del dialect
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """What was stored, in UTC."""
        del dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()

schema = Table(
    "cinco_schema",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)
"""One row."""

conversations = Table(
    "cinco_conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("folded_title", String(400), nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("begun", Moment, nullable=False),
    Column("used", Moment, nullable=False),
    Column("next_ordinal", Integer, nullable=False),
    Index("cinco_conversations_by_owner", "owner", "used"),
    Index("cinco_conversations_by_use", "used"),
)
"""`is_named`: its owner gave it its title. `next_ordinal`: what its next turn gets."""

turns = Table(
    "cinco_turns",
    metadata,
    Column(
        "conversation",
        String(32),
        ForeignKey("cinco_conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("question", _LONG, nullable=False),
    Column("answer", _LONG),
    Column("partial", _LONG, nullable=False),
    Column("folded_question", _LONG, nullable=False),
    Column("folded_answer", _LONG, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("is_alone", Boolean, nullable=False),
    Column("model", _LONG),
)
"""`question` and `answer` are JSON; what is folded is searched."""

feedback = Table(
    "cinco_feedback",
    metadata,
    Column("conversation", String(32), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("is_useful", Boolean, nullable=False),
    Column("reason", String(32)),
    Column("comment", _LONG, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(
        ["conversation", "ordinal"],
        ["cinco_turns.conversation", "cinco_turns.ordinal"],
        ondelete="CASCADE",
    ),
)
