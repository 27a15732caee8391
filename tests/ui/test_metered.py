from collections import Counter

from rag.domain import Message
from rag.ui.metered import Metered
from tests.answer.writers import FakeModel, says


def asked(model: Metered) -> str:
    pieces = model.stream([Message("user", "¿Y la pesca?")], lambda: False)
    return "".join(piece.text for piece in pieces)


class Ledger(Counter[str]):
    """What was booked."""

    def book(self) -> None:
        self["calls"] += 1


def test_the_first_call_was_booked_before() -> None:
    ledger = Ledger()
    asked(Metered(says("Sí."), ledger.book, is_let_in=True))
    assert ledger["calls"] == 0


def test_each_further_call_is_booked_before_it_is_made() -> None:
    ledger = Ledger()
    model = Metered(says("Sí.", "No.", "Tal vez."), ledger.book, is_let_in=True)
    replies = [(asked(model), ledger["calls"]) for _ in range(3)]
    assert replies == [("Sí.", 0), ("No.", 1), ("Tal vez.", 2)]


def test_it_is_the_model_in_all_else() -> None:
    inner: FakeModel = says("Sí.")
    model = Metered(inner, Ledger().book)
    assert (model.traits, model.count("pesca")) == (inner.traits, inner.count("pesca"))
