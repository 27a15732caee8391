"""What pages and fragments hand to the script of ours."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from rag.ui import shell

shell.label("left-by-an-aborted-run", "x") if "ran" not in st.session_state else None
st.session_state.ran = True
shell.dress()

@st.fragment
def part():
    with shell.fragment("part"):
        clicks = st.session_state.get("clicks", 0)
        shell.label("inside", f"<b>{clicks}</b>")
        shell.copy_link("inside", "documento?s=2.5")
        st.button("+", key="more", on_click=lambda: st.session_state.update(clicks=clicks + 1))

part()
shell.label("outside", "Programa del desarrollo, subsección 5")
shell.copy("outside", "javascript:alert(1)")
shell.bring_into_view([])
"""


def test_a_page_and_its_fragment_hand_over_what_is_theirs() -> None:
    page, part = _handed(AppTest.from_string(PAGE).run())
    assert page["labels"] == {"outside": "Programa del desarrollo, subsección 5"}
    assert page["copies"] == {"outside": "javascript:alert(1)"}
    assert part["labels"] == {"inside": "<b>0</b>"}
    assert part["links"] == {"inside": "documento?s=2.5"}
    assert "shows" in page
    assert "shows" not in part


def test_the_next_run_hands_over_anew() -> None:
    app = AppTest.from_string(PAGE).run()
    page, part = _handed(app.button(key="more").click().run())
    assert part["labels"] == {"inside": "<b>1</b>"}
    assert page["labels"] == {"outside": "Programa del desarrollo, subsección 5"}


def _handed(app: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page hands over, and what its fragment does."""
    assert not app.exception
    whole = [json.loads(script.proto.json) for script in app.get("bidi_component")]
    part, page = sorted(whole, key=lambda data: "shows" in data)
    return page, part
