"""A whole conversation to take away, with the receipt of every answer."""

import json
from collections.abc import Mapping
from functools import partial

import streamlit as st

from rag.answer import receipts
from rag.conversations.conversation import Conversation
from rag.conversations.exports import files
from rag.conversations.exports.files import FORMS, Form
from rag.domain import Document, Language
from rag.ui.dialogue import Dialogue
from rag.ui.words import say, spoken


def draw(document: Document, dialogue: Dialogue) -> None:
    """One button per form; nothing is made before it is clicked."""
    for form in FORMS:
        st.download_button(
            say(f"takeaway.{form}"),
            # Made in a thread that has no page: what depends on the page is asked here.
            partial(content, document, dialogue, form, spoken()),
            files.name_of(dialogue.name, form),
            files.mime(form),
            key=f"takeaway-{form}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def content(document: Document, dialogue: Dialogue, form: Form, language: Language) -> bytes:
    """The file."""
    kept = dialogue.conversation()
    return files.export(kept, form, _receipts(document, kept), language).content


def _receipts(document: Document, kept: Conversation) -> Mapping[int, Mapping[str, object]]:
    """Ordinal of each turn that has an answer → its receipt."""
    made = (
        (turn.ordinal, receipts.receipt(turn.question, turn.answer, document, turn.asked_at))
        for turn in kept.turns
        if turn.answer
    )
    return {ordinal: json.loads(receipts.to_json(receipt)) for ordinal, receipt in made}
