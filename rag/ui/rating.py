"""What a reader thinks of an answer, kept with it at a click; what went wrong is asked after."""

from datetime import UTC, datetime
from typing import Final, get_args

import streamlit as st

from rag.conversations.conversation import MAX_COMMENT, Complaint, Feedback
from rag.ui.session import Session
from rag.ui.words import say

_COMPLAINTS: Final[tuple[Complaint, ...]] = get_args(Complaint)


def draw(session: Session, position: int) -> None:
    """Two buttons; the one that was chosen is marked."""
    given = session.dialogue.exchanges[position].feedback
    if _chosen("useful", is_given=given is not None and given.is_useful, position=position):
        _rate(session, position, is_useful=True)
        st.rerun(scope="fragment")
    if _chosen("useless", is_given=given is not None and not given.is_useful, position=position):
        _rate(session, position, is_useful=False)
        st.dialog(say("rating.reason"))(_details)(session, position)


def _chosen(which: str, *, is_given: bool, position: int) -> bool:
    text = say(f"rating.{which}")
    icon = "up" if which == "useful" else "down"
    return st.button(
        f"**{text}**" if is_given else text,
        key=f"{which}-{position}",
        icon=":material/check:" if is_given else f":material/thumb_{icon}:",
        type="tertiary",
    )


def _rate(
    session: Session,
    position: int,
    *,
    is_useful: bool,
    reason: Complaint | None = None,
    comment: str = "",
) -> None:
    feedback = Feedback(is_useful, reason, comment.strip(), datetime.now(UTC))
    session.dialogue.rate(position, feedback)


def _details(session: Session, position: int) -> None:
    # By conversation and turn: what was typed about one answer must not turn up under another.
    name = f"{session.dialogue.record.id}-{session.dialogue.exchanges[position].ordinal}"
    reason = st.radio(
        say("rating.reason"),
        _COMPLAINTS,
        index=None,
        format_func=lambda reason: say(f"rating.{reason}"),
        key=f"reason-{name}",
        label_visibility="collapsed",
    )
    comment = st.text_area(
        say("rating.comment"), max_chars=MAX_COMMENT, key=f"comment-{name}", height=96
    )
    st.caption(say("rating.kept"))
    if st.button(say("rating.send"), key="rate", type="primary"):
        _rate(session, position, is_useful=False, reason=reason, comment=comment or "")
        st.rerun()
