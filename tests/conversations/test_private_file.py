from pathlib import Path

import pytest

from rag.conversations import private_file
from rag.conversations.database import Database, sqlite_url


def test_a_database_is_not_opened_beside_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "c.sqlite"
    database = Database(sqlite_url(file))
    opened: list[Path] = []

    def spied(path: Path, *_: object) -> None:
        opened.append(path)

    monkeypatch.setattr(Path, "open", spied)
    private_file.ensure(str(file))
    assert opened == []
    database.close()
