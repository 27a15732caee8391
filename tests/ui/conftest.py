"""The app as the tests of its states run it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.product import assistant

APP = Path(__file__).parents[2] / "app.py"
TIMEOUT_SECONDS = 60


@pytest.fixture
def app() -> AppTest:
    assistant()  # its index is built before the clock of the page starts
    return AppTest.from_file(str(APP), default_timeout=TIMEOUT_SECONDS)


@pytest.fixture
def nothing_opened() -> Iterator[None]:
    """Nothing that an earlier test opened is shared."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
