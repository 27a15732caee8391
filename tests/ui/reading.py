"""What AppTest shows of the page, and the session behind it."""

from streamlit.testing.v1 import AppTest

from rag.ui.session import KEY, Session


def session_of(app: AppTest) -> Session:
    """The page's session."""
    kept: Session = app.session_state[KEY]
    return kept


def markdown(app: AppTest) -> str:
    """Every piece of Markdown, one to a line."""
    return "\n".join(element.value for element in app.markdown)


def captions(app: AppTest) -> list[str]:
    """Every caption."""
    return [element.value for element in app.caption]
