import json
import unicodedata
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.exports.files import FORMS, MAX_NAME_BYTES, Form, export, file_name
from tests.conversations.exports.kept import conversation, receipts


@pytest.mark.parametrize(
    ("form", "ending"), [("markdown", ".md"), ("json", ".json"), ("word", ".docx")]
)
def test_every_form_has_its_ending_and_its_type(form: Form, ending: str) -> None:
    file = export(conversation(), form, receipts(), "es")
    assert file.name == f"Energía-nuclear{ending}"
    assert "/" in file.mime


def test_forms_are_what_they_say() -> None:
    made = {form: export(conversation(), form, receipts(), "es").content for form in FORMS}
    assert made["markdown"].startswith(b"# ")
    assert json.loads(made["json"])["format"] == 1
    assert docx.Document(BytesIO(made["word"])).paragraphs


@pytest.mark.parametrize("form", FORMS)
def test_a_conversation_without_turns_and_receipts_has_a_file(form: Form) -> None:
    assert export(replace(conversation(), title="", turns=()), form, {}, "zh").content


@given(st.text(st.characters(exclude_categories=[])))
def test_a_name_is_one_that_every_file_system_takes(title: str) -> None:
    name = file_name(title, ".md")
    stem = name.removesuffix(".md")
    assert stem
    assert len(name.encode()) <= MAX_NAME_BYTES + 20
    assert not set('/\\:*?"<>|') & set(name)
    assert all(unicodedata.category(c)[0] != "C" for c in name)
    assert not name.startswith((".", "-", " "))
    assert not stem.endswith((".", " "))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("¿Qué becas hay para Perú?", "Qué-becas-hay-para-Perú.md"),
        ("人工智能在哪里？", "人工智能在哪里？.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("nul", "cinco-nul.md"),
        ("", "cinco.md"),
    ],
)
def test_letters_of_the_title_stay(title: str, name: str) -> None:
    assert file_name(title, ".md") == name
