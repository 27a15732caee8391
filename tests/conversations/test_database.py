import sqlite3
import stat
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from rag.conversations.database import Database, sqlite_url
from rag.conversations.store import ConversationStore
from rag.conversations.tables import VERSION
from rag.errors import ConversationError
from tests.conversations.stored import OWNER, files, open_at, tell

PASSWORD = "hunter2-and-more"  # noqa: S105  nobody's


def modes(folder: Path) -> dict[str, str]:
    """The files of the database and who may do what with them."""
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files(folder)}


class TestTheFiles:
    def test_are_for_their_owner_only(self, store: ConversationStore, tmp_path: Path) -> None:
        tell(store, "¿Becas?")
        names = ("c.sqlite", "c.sqlite-shm", "c.sqlite-wal")
        assert modes(tmp_path) == dict.fromkeys(names, "0o600")

    def test_are_closed_to_others_where_they_were_open(self, tmp_path: Path) -> None:
        open_at(tmp_path).close()
        (tmp_path / "c.sqlite").chmod(0o644)
        store = open_at(tmp_path)
        tell(store, "¿Becas?")
        assert set(modes(tmp_path).values()) == {"0o600"}
        store.close()

    def test_are_made_with_their_folder(self, tmp_path: Path) -> None:
        store = open_at(tmp_path / "a" / "b")
        assert (tmp_path / "a" / "b" / "c.sqlite").exists()
        store.close()

    def test_of_another_kind_are_left_alone(self, tmp_path: Path) -> None:
        other = tmp_path / "c.sqlite"
        other.write_text("no es una base")
        other.chmod(0o644)
        with pytest.raises(ConversationError, match="no es una base de datos SQLite"):
            open_at(tmp_path)
        assert (other.read_text(), modes(tmp_path)) == ("no es una base", {"c.sqlite": "0o644"})

    def test_have_a_log_of_changes_foreign_keys_and_overwrite_what_is_deleted(
        self, tmp_path: Path
    ) -> None:
        database = Database(sqlite_url(tmp_path / "c.sqlite"))
        with database.reading() as connection:
            set_up = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "foreign_keys", "secure_delete")
            ]
        assert set_up == ["wal", 1, 1]
        database.close()


class TestTheSchema:
    def test_of_a_newer_program_is_an_error_that_says_so(self, tmp_path: Path) -> None:
        open_at(tmp_path).close()
        with closing(sqlite3.connect(tmp_path / "c.sqlite")) as connection, connection:
            connection.execute("UPDATE cinco_schema SET version = ?", (VERSION + 1,))
        with pytest.raises(ConversationError, match="más nueva") as caught:
            open_at(tmp_path)
        assert "Actualice" in caught.value.remedy

    def test_is_made_beside_tables_of_others(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "c.sqlite")) as connection, connection:
            connection.execute("CREATE TABLE turns (id)")
        store = open_at(tmp_path)
        tell(store, "¿Becas?")
        assert len(store.recent(OWNER)) == 1
        store.close()


class TestAFailure:
    def test_undoes_the_whole_transaction(self, store: ConversationStore, tmp_path: Path) -> None:
        tell(store, "¿Becas?")
        database = Database(sqlite_url(tmp_path / "c.sqlite"))
        with pytest.raises(ConversationError), database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM cinco_conversations")
            connection.exec_driver_sql("DELETE FROM there_is_none")
        assert len(store.recent(OWNER)) == 1
        database.close()

    def test_of_a_damaged_database_is_ours(self, tmp_path: Path) -> None:
        open_at(tmp_path).close()
        (tmp_path / "c.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
        with pytest.raises(ConversationError, match=r"No se puede usar .*c\.sqlite"):
            open_at(tmp_path)

    def test_of_a_database_that_is_busy_too_long_is_ours(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        del store
        hasty = ConversationStore(sqlite_url(tmp_path / "c.sqlite"), busy_seconds=0.1)
        with closing(sqlite3.connect(tmp_path / "c.sqlite")) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ConversationError, match="locked"):
                hasty.begin(OWNER, "¿Becas?")
            assert hasty.recent(OWNER) == ()
        hasty.close()

    def test_shows_nothing_of_what_is_stored(self, tmp_path: Path) -> None:
        database = Database(sqlite_url(tmp_path / "c.sqlite"))
        with pytest.raises(ConversationError) as caught, database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO there_is_none VALUES (?)", ("una pregunta",))
        assert "una pregunta" not in "".join(traceback.format_exception(caught.value))
        database.close()


URLS = [
    f"postgresql+nodriver://u:{PASSWORD}@127.0.0.1/db",
    f"nosuch://u:{PASSWORD}@127.0.0.1/db",
    f"sqlite://u:{PASSWORD}@host/db",
    f"sqlite+nodriver:///x?password={PASSWORD}",
    f"u:{PASSWORD}@host",
    f"postgresql://u:{PASSWORD}@host:port/db",
    f"mysql+nodriver://h/db?password={PASSWORD}",
]


@pytest.mark.parametrize("url", URLS)
def test_a_password_is_in_no_message(
    url: str, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with caplog.at_level("DEBUG"), pytest.raises(ConversationError) as caught:
        ConversationStore(url)
    said = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert PASSWORD not in said
    assert caught.value.remedy


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=1"])
def test_a_database_that_threads_cannot_share_is_refused(url: str) -> None:
    with pytest.raises(ConversationError, match="CINCO_DATABASE_URL"):
        ConversationStore(url)


@pytest.mark.parametrize("name", ["con espacio ñ.sqlite", "a%20b#c?d.sqlite", "@.sqlite"])
def test_a_path_may_hold_what_an_address_may_not(tmp_path: Path, name: str) -> None:
    store = ConversationStore(sqlite_url(tmp_path / name))
    tell(store, "¿Becas?")
    assert (tmp_path / name).exists()
    store.close()
