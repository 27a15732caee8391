"""The conversation in the page's address."""

import pytest

from rag.ui.arrival import CONVERSATION, name_in_address
from rag.ui.dialogue import Dialogue
from rag.ui.job import Jobs
from rag.ui.record import Record
from rag.ui.session import Session


class Address(dict[str, str]):
    """What a click says the address is; `told` is what the browser was told since."""

    def __init__(self, **given: str) -> None:
        super().__init__(given)
        self.told: list[str | None] = []

    def __setitem__(self, key: str, value: str) -> None:
        super().__setitem__(key, value)
        self.told.append(value)

    def pop(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if key in self:
            self.told.append(None)
        return super().pop(key, default)


def session(id_: str | None, *, named: str | None) -> Session:
    return Session(Dialogue(Record(None, id_), Jobs()), named=named)


@pytest.mark.parametrize(
    ("id_", "named", "address", "last"),
    [
        ("a", None, Address(c="a"), "a"),
        ("a", "b", Address(c="b"), "a"),
        (None, "a", Address(), None),
        (None, "a", Address(c="a"), None),
        ("a", "a", Address(), "a"),
    ],
    ids=["opened, stale", "another", "left, stale", "left", "written away"],
)
def test_the_browser_is_told_whenever_the_conversation_changes(
    monkeypatch: pytest.MonkeyPatch,
    id_: str | None,
    named: str | None,
    address: Address,
    last: str | None,
) -> None:
    monkeypatch.setattr("streamlit.query_params", address)
    name_in_address(session(id_, named=named))
    assert address.told[-1] == last
    assert address.get(CONVERSATION) == id_


@pytest.mark.parametrize(("id_", "address"), [("a", Address(c="a")), (None, Address())])
def test_nothing_is_told_while_it_stays(
    monkeypatch: pytest.MonkeyPatch, id_: str | None, address: Address
) -> None:
    monkeypatch.setattr("streamlit.query_params", address)
    name_in_address(session(id_, named=id_))
    assert not address.told
