"""What a reader thinks of an answer, kept with it."""

from datetime import UTC, datetime
from typing import get_args

import streamlit as st

from rag.conversations.conversation import MAX_COMMENT, Complaint, Feedback
from rag.ui.dialogue import Exchange
from rag.ui.session import Session
from rag.ui.words import say

_COMPLAINTS: tuple[Complaint, ...] = get_args(Complaint)


def draw(session: Session, exchange: Exchange, position: int) -> None:
    """A button that opens the form, and says what was given."""
    given = session.dialogue.exchanges[position].feedback
    icon, label = _state(given)
    box = st.popover(label, key=f"rating-{position}", icon=icon, type="tertiary", on_change="rerun")
    if box.open:
        with box:
            _form(session, exchange, position, given)


def _state(given: Feedback | None) -> tuple[str, str]:
    if given is None:
        return ":material/thumbs_up_down:", say("rating.title")
    if given.is_useful:
        return ":material/thumb_up:", say("rating.useful")
    return ":material/thumb_down:", say("rating.useless")


def _form(session: Session, exchange: Exchange, position: int, given: Feedback | None) -> None:
    # By conversation and turn: what was typed about one answer must not turn up under another.
    name = f"{session.dialogue.record.id}-{exchange.ordinal or position}"
    is_useful = st.segmented_control(
        say("rating.question"),
        [True, False],
        default=given.is_useful if given else None,
        format_func=lambda useful: say("rating.yes") if useful else say("rating.no"),
        key=f"useful-{name}",
    )
    if is_useful is None:
        st.caption(say("rating.kept"))
        return
    reason = None if is_useful else _reason(given, name)
    comment = st.text_area(
        say("rating.comment"),
        value=given.comment if given else "",
        max_chars=MAX_COMMENT,
        key=f"comment-{name}",
        height=96,
    )
    is_sent = st.button(say("rating.send"), key=f"rate-{position}", type="primary", width="stretch")
    if is_sent:
        feedback = Feedback(is_useful, reason, (comment or "").strip(), datetime.now(UTC))
        session.dialogue.rate(position, feedback)
        st.toast(say("rating.thanks"), icon=":material/check:")
        st.rerun(scope="fragment")


def _reason(given: Feedback | None, name: str) -> Complaint | None:
    return st.selectbox(
        say("rating.reason"),
        _COMPLAINTS,
        index=_COMPLAINTS.index(given.reason) if given and given.reason else None,
        format_func=lambda reason: say(f"rating.{reason}"),
        placeholder=say("rating.choose"),
        key=f"reason-{name}",
    )
