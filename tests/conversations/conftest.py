"""A store of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.conversations.store import ConversationStore
from tests.conversations.stored import open_at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    """An empty store."""
    opened = open_at(tmp_path)
    yield opened
    opened.close()
