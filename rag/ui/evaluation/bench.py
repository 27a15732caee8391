"""What the parts of the page work with."""

from dataclasses import dataclass, replace

import streamlit as st

from eval import orders
from eval.attempt import Attempt, Desk
from eval.conditions import Conditions
from eval.items import DatasetError
from eval.orders import Order
from eval.runs import Run
from eval.selection import Selection
from eval.subject import Subject, subject_over
from rag.answer.writing import ChatModel
from rag.assistant import Assistant
from rag.limits import Limits
from rag.models.registry import CORPUS, EXTRACTIVE
from rag.models.shelf import ModelShelf
from rag.ui.evaluation import stored
from rag.ui.metered import Metered


@dataclass(frozen=True, slots=True)
class Bench:
    """The assistant, the models, what they may cost, and the desk where runs are begun."""

    assistant: Assistant
    models: ModelShelf
    limits: Limits
    desk: Desk

    def order(self, model: str, selection: Selection, workers: int = 1) -> Order:
        """An order with the configured embedder."""
        embedder = self.models.registry.embedder or CORPUS
        return Order(model, selection, embedder=embedder, workers=workers)

    def begin(self, order: Order) -> None:
        """Carry the order out in the background, unless another one is at work."""
        self.desk.begin(lambda: Attempt(order, self._subject, stored.operated(), self._may_ask))

    def again(self, run: Run, workers: int = 1) -> Order | None:
        """The order that goes on with the run; `None` where its conditions are no longer so."""
        made = run.record.conditions
        if made.model not in self.models.names:
            return None
        order = self.order(made.model, made.selection, workers)
        is_same = self.due(order) == made
        return order if is_same else None

    def due(self, order: Order) -> Conditions | None:
        """The conditions of a run of the order; `None` where no question passes its filters."""
        return _due(order.model or EXTRACTIVE, order.selection.model_dump_json(), self, order)

    def _may_ask(self, model: str) -> bool:
        return model == EXTRACTIVE or self.limits.has_calls_left

    def _subject(self, model: str) -> Subject:
        def metered(found: ChatModel) -> ChatModel:
            return Metered(found, self.limits.book)

        return subject_over(self.assistant, self.models, model, stored.operated(), metered)


@st.cache_resource(show_spinner=False, max_entries=256)
def _due(model: str, selection: str, _bench: Bench, _order: Order) -> Conditions | None:
    """Cached by model and selection: the code of a process does not change."""
    del model, selection
    try:
        items = _order.selection.of(stored.questions())
    except DatasetError:
        return None
    return orders.due(_bench.assistant, items, replace(_order, workers=1), stored.operated())
