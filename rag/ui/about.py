"""The page that says what this is: the document, how citations are checked, what is kept."""

from typing import get_args

import streamlit as st

import rag
from rag.assistant import Assistant
from rag.domain import CitationVerdict, Document
from rag.ui import shell
from rag.ui.markup import literal
from rag.ui.outline import RESTORED
from rag.ui.session import current
from rag.ui.shell import Show
from rag.ui.words import count, say


def draw(assistant: Assistant, retention_days: int | None) -> None:
    """One page of prose, from what is being read to the versions that answer."""
    document = assistant.document
    with st.sidebar:
        shell.masthead()
    with st.container(key="about", gap="small"):
        st.markdown(f"# {say('app.about_page')}", anchors=False)
        st.markdown(say("about.text"))
        _document(document)
        _checked()
        _restored(document)
        _heading("about.limits")
        st.markdown(say("about.limits_text"))
        _kept(retention_days)
        _heading("about.keys")
        st.markdown(say("about.keys_text"))
        _versions(assistant)
    shell.bring_into_view([Show("about", "about", "")])


def _heading(key: str) -> None:
    st.markdown(f"### {say(key)}", anchors=False)


def _document(document: Document) -> None:
    _heading("about.document")
    numbered = sum(section.programme is not None for section in document.sections)
    st.markdown(
        say(
            "about.document_text",
            sections=len(document.sections),
            sentences=len(document.sentences),
            subsections=numbered,
        )
    )


def _checked() -> None:
    _heading("about.checked")
    st.markdown(say("about.checked_text"))
    st.markdown(say("about.verdicts"))
    verdicts = (say(f"about.verdict_{verdict}") for verdict in get_args(CitationVerdict))
    st.markdown("\n".join(f"- {verdict}" for verdict in verdicts))


def _restored(document: Document) -> None:
    """Every heading that the file had lost, with the evidence for its wording."""
    _heading("about.restored")
    programmes = [programme for programme in document.programmes if programme.restored]
    sections = [section for section in document.sections if section.restored]
    if not programmes and not sections:
        st.markdown(say("about.restored_nothing"))
        return
    text = say("about.restored_text", sections=len(sections), programmes=len(programmes))
    st.markdown(text)
    headings = [(document.breadcrumb(section), section.evidence) for section in sections]
    headings += [(programme.title, programme.evidence) for programme in programmes]
    st.markdown(
        "\n".join(
            f"- {RESTORED} **{literal(title)}**  \n  :small[:gray[{literal(evidence or '')}]]"
            for title, evidence in headings
        )
    )


def _kept(retention_days: int | None) -> None:
    _heading("about.kept")
    st.markdown(say("about.kept_text"))
    st.markdown(
        count("about.kept_days", retention_days) if retention_days else say("about.kept_always")
    )
    st.markdown(say("about.kept_model"))


def _versions(assistant: Assistant) -> None:
    """What answers, to be named beside a receipt or a complaint."""
    _heading("about.versions")
    model = current().model
    mode = f"«{literal(model.traits.name)}»" if model else say("models.extractive")
    facts = {
        "about.version": literal(rag.__version__),
        "about.hash": f"`{assistant.document.sha256}`",
        "about.fingerprint": f"`{assistant.index_fingerprint}`",
        "about.mode": mode,
    }
    with st.container(key="versions"):
        st.markdown("\n".join(f"- {say(key)}: {fact}" for key, fact in facts.items()))
