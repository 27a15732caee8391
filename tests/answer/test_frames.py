import re
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.answer.frames import escape, frame, frames, place, unescape
from rag.domain import LANGUAGES, Language
from tests.product import document

MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
PIECES = [
    *"\\`*_{}[]<>()#+!|$~:&;.-a1 ",
    *("&amp;", "&#65;", "<b>", "</b>", "<!--", "**x**", "_x_", "~~x~~", "`x`", "[x](y)", "![x](y)"),
    *("<https://x.y>", "https://x.y", "\\*", "ñ", "中"),
]
TEXTS = st.lists(st.sampled_from(PIECES)).map("".join)


def test_every_language_has_its_frames() -> None:
    assert tuple(frames()) == LANGUAGES == get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_frames(language: Language) -> None:
    assert list(frames()[language]) == list(frames()["es"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_frame_has_the_same_placeholders_in_every_language(language: Language) -> None:
    assert _placeholders(language) == _placeholders("es")


def _placeholders(language: Language) -> dict[str, set[str]]:
    return {
        key: {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        for key, text in frames()[language].items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_frame_is_empty(language: Language) -> None:
    assert all(text.strip() for text in frames()[language].values())


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "es"])
def test_every_frame_is_translated(language: Language) -> None:
    same = [key for key, text in frames()[language].items() if text == frames()["es"][key]]
    assert same == []


def test_a_frame_is_filled_in() -> None:
    assert frame("es", "found", place="Aquí") == "El documento lo trata en **Aquí**:"


def test_a_place_names_programme_and_subsection_in_words() -> None:
    section = document().section_by_id["2.5"]
    shown = unescape(place(document(), section, "es"))
    assert shown == "Programa del desarrollo, (5) Cooperación en energías y recursos"


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("es", "encabezado restaurado"),
        ("en", "restored heading"),
        ("pt", "título restaurado"),
        ("zh", "标题已复原"),
    ],
)
def test_a_restored_heading_is_marked_in_the_language_of_the_frame(
    language: Language, mark: str
) -> None:
    section = document().section_by_id["2.1"]
    assert place(document(), section, language).endswith(f" [{mark}]")


@given(TEXTS)
def test_escaped_text_is_shown_by_markdown_as_it_is(text: str) -> None:
    (inline,) = MARKDOWN.parse(f"Dice: {escape(text)}.")[1:2]
    assert _shown(inline) == _folded(f"Dice: {text}.")


def _shown(inline: Token) -> str:
    """The text of the only line, where nothing in it was taken as markup."""
    children = inline.children or []
    assert {token.type for token in children} <= {"text", "text_special"}
    return _folded("".join(token.content for token in children))


def _folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("directive", [":red[x]", ":material/home:", "$x^2$", ":smile:"])
def test_streamlit_directives_lose_their_marks(directive: str) -> None:
    assert re.search(r"(?<!\\)[:$\[\]]", escape(directive)) is None


@given(st.text())
def test_unescape_is_the_inverse_of_escape(text: str) -> None:
    assert unescape(escape(text)) == text
