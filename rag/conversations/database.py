"""The only module that opens the database: engine, transactions, and failures as our own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from rag.conversations import private_file
from rag.conversations.tables import VERSION, metadata, schema
from rag.errors import ConversationError

log = logging.getLogger(__name__)

BUSY_SECONDS = 30.0
"""How long one writer waits for another."""

_BEGIN = "cinco_begin"
_WRITES = {_BEGIN: "BEGIN IMMEDIATE"}
"""A writer takes its turn at once: it would fail if it had read before and others wrote."""
_ALONE = {_BEGIN: ""}
"""For what must not stand in a transaction."""
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


def sqlite_url(file: Path) -> str:
    """The URL of a file."""
    return URL.create("sqlite", database=str(file.absolute())).render_as_string()


class Database:
    """A database with our tables in it; safe for several threads and processes."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open it, and make what is missing.

        Raises:
            ConversationError: it cannot be used, or a newer program made it.
        """
        self._url = _parsed(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = self._opened(busy_seconds)
        with self._failures():
            self._prepare()
        self.shrink()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads; in SQLite it sees one state of the database.

        Raises:
            ConversationError: the database cannot be read.
        """
        with self._failures(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is done as a whole or not at all, one writer after the other.

        Raises:
            ConversationError: the database cannot be written.
        """
        with self._failures(), self._engine.execution_options(**_WRITES).begin() as connection:
            yield connection

    def shrink(self) -> None:
        """Leave nothing of what was deleted in SQLite's log of changes.

        Raises:
            ConversationError: the database cannot be written.
        """
        if not self._is_sqlite:
            return
        with self._failures(), self._engine.execution_options(**_ALONE).connect() as connection:
            is_busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if is_busy:
            log.warning("the log of changes is in use; the next deletion empties it")

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    def _opened(self, busy_seconds: float) -> Engine:
        options: dict[str, Any] = {"hide_parameters": True}
        if self._is_sqlite:
            private_file.ensure(self._url.database or "")
            options["connect_args"] = {"timeout": busy_seconds}
        else:
            options["pool_pre_ping"] = True
        try:
            engine = create_engine(self._url, **options)
        except (ImportError, NoSuchModuleError):
            raise ConversationError(
                f"Falta el controlador de la base de datos {self._place}.",
                remedy="Instale el paquete de Python que CINCO_DATABASE_URL necesita.",
            ) from None
        except (SQLAlchemyError, ValueError):
            raise _unusable() from None
        if self._is_sqlite:
            event.listen(engine, "connect", _set_up)
            event.listen(engine, "begin", _begin)
        return engine

    def _prepare(self) -> None:
        """Make the tables, unless another process was quicker."""
        try:
            with self._engine.execution_options(**_WRITES).begin() as connection:
                if self._version(connection) is None:
                    metadata.create_all(connection)
                    connection.execute(insert(schema).values(id=1, version=VERSION))
        except SQLAlchemyError:
            with self._engine.connect() as connection:
                if self._version(connection) is None:
                    raise
        with self._engine.connect() as connection:
            self._require_known(self._version(connection) or VERSION)

    def _version(self, connection: Connection) -> int | None:
        """The version of its tables; `None` where there are none."""
        if not inspect(connection).has_table(schema.name):
            return None
        return connection.execute(select(schema.c.version)).scalar()

    def _require_known(self, version: int) -> None:
        if version > VERSION:
            raise ConversationError(
                f"La base de conversaciones {self._place} es de una versión más nueva "
                f"del programa (esquema {version}; este conoce hasta el {VERSION}).",
                remedy="Actualice el programa, o elija otra base con CINCO_DATABASE_URL.",
            )

    @property
    def _place(self) -> str:
        """Where the database is, in words that hold no secret."""
        if self._is_sqlite:
            return str(self._url.database)
        return f"{self._url.get_backend_name()}://{self._url.host or ''}/{self._url.database or ''}"

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Every failure of the vendor becomes one of ours, without what the database holds."""
        try:
            yield
        except SQLAlchemyError as error:
            raise ConversationError(
                f"No se puede usar la base de conversaciones {self._place}: {self._said(error)}.",
                remedy="Revise espacio, permisos y CINCO_DATABASE_URL, y vuelva a intentarlo.",
            ) from None

    def _said(self, error: SQLAlchemyError) -> str:
        """The first line of what the driver said, the URL's secrets left out."""
        line = next(iter(str(getattr(error, "orig", None) or "").splitlines()), "")
        if isinstance(error, IntegrityError) or not line:
            return type(error).__name__
        for secret in (self._url.password, *self._url.query.values()):
            if secret:
                line = line.replace(str(secret), "***")
        return line.rstrip(". ")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _unusable() from None
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and (parsed.host or not _is_file(parsed.database)):
        raise _unusable()
    return parsed


def _is_file(name: str | None) -> bool:
    """Whether it is the path of a file: one in memory has no second thread, one by URI no mode."""
    return bool(name) and name != ":memory:" and not str(name).startswith("file:")


def _unusable() -> ConversationError:
    return ConversationError(
        "CINCO_DATABASE_URL no es una dirección de base de datos que se pueda usar.",
        remedy="Escríbala como sqlite:////ruta/archivo.sqlite o postgresql+psycopg://servidor/base.",
    )


def _set_up(connection: Any, record: object) -> None:  # noqa: ANN401  whatever the driver makes
    """A new connection to SQLite: its transactions are begun by `_begin`."""
    del record
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
