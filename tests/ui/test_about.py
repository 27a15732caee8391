"""The page on the product itself: every figure of it is the document's own."""

import pytest
from streamlit.testing.v1 import AppTest

import rag
from rag.ui.markup import literal
from rag.ui.words import count, say
from tests.product import assistant, document
from tests.ui.reading import markdown

PAGE = """
from rag.ui import about, startup

about.draw(startup.opened().assistant, retention_days={days})
"""


def page(days: int | None) -> AppTest:
    assistant()
    return AppTest.from_string(PAGE.format(days=days), default_timeout=60).run()


def test_the_page_counts_what_the_document_has() -> None:
    shown = markdown(page(None))
    text = say("about.document_text", sections=48, sentences=204, subsections=44)
    assert text in shown


def test_everything_restored_is_listed_with_its_evidence_and_nothing_else() -> None:
    shown = markdown(page(None))
    lines = [line for line in shown.splitlines() if line.startswith("- :material/history:")]
    restored = [document().breadcrumb(s) for s in document().sections if s.restored]
    restored += [p.title for p in document().programmes if p.restored]
    assert [line.removesuffix("  ") for line in lines] == [
        f"- :material/history: **{literal(title)}**" for title in restored
    ]
    evidence = [s.evidence for s in document().sections if s.restored]
    for text in evidence:
        assert literal(text or "") in shown


def test_versions_name_what_answers() -> None:
    shown = markdown(page(None))
    for fact in (rag.__version__, document().sha256, assistant().index_fingerprint):
        assert fact.replace(".", "\\.") in shown or fact in shown
    assert say("models.extractive") in shown


@pytest.mark.parametrize("days", [1, 30])
def test_the_page_says_for_how_long_conversations_are_kept(days: int) -> None:
    assert count("about.kept_days", days) in markdown(page(days))
    assert say("about.kept_always") not in markdown(page(days))


def test_without_a_limit_conversations_are_kept_until_they_are_deleted() -> None:
    assert say("about.kept_always") in markdown(page(None))
