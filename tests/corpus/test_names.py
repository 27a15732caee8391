from collections import Counter
from pathlib import Path

import pytest

from rag.corpus import document as documents
from rag.corpus.names import ProperName, occurrences, read
from rag.corpus.source import Source
from rag.domain import Document
from rag.errors import SourceError
from tests.product import document

BANK = ProperName("Banco del Sur (BS)", "bank", ("Banco del Sur (BS)", "BS"))
FORUM = ProperName("Foro", "forum", ("Foro",))
YOUTH = ProperName("Foro Juvenil", "forum", ("Foro Juvenil",))
YOUTH_BANK = ProperName("Fondo del Foro Juvenil", "fund", ("Fondo del Foro Juvenil",))
BS_PLAN = ProperName("Plan BS 2030", "plan", ("Plan BS 2030",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "proper.toml"


def written(file: Path, text: str) -> tuple[ProperName, ...]:
    file.write_text(text, encoding="utf-8")
    return read(file)


def invented(*paragraphs: str, title: str = "Dos") -> Document:
    lines = ["Nada.", "[bookmark: _Toc1]1. Uno", f"[bookmark: _Toc2](1) {title}", *paragraphs]
    return documents.build(Source("\n".join(lines), ""), documents.reviewed_headings())


def found(document_: Document, *names: ProperName) -> list[tuple[str, str]]:
    return [(name.text, sentence.id) for name, sentence in occurrences(document_, names)]


def test_a_name_has_the_kind_of_its_table(file: Path) -> None:
    assert written(file, 'forum = ["Foro"]') == (FORUM,)


def test_a_name_may_have_other_forms_and_is_shown_as_the_first(file: Path) -> None:
    assert written(file, 'bank = ["Banco del Sur (BS) = BS"]') == (BANK,)


def test_an_equals_sign_without_space_is_part_of_a_name(file: Path) -> None:
    assert written(file, 'x = ["A=B"]') == (ProperName("A=B", "x", ("A=B",)),)


@pytest.mark.parametrize(
    "text",
    ['forum = "Foro"', "forum = [7]", '[forum]\na = ["Foro"]', "forum = [", "\udcff"],
    ids=["no list", "no text", "a table in a table", "no TOML", "no UTF-8"],
)
def test_a_file_that_is_not_valid_is_named_in_the_failure(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SourceError, match=file.name):
        read(file)


def test_a_missing_file_is_named_in_the_failure(file: Path) -> None:
    with pytest.raises(SourceError, match=file.name):
        read(file)


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("El Foro abre.", ["Foro"]),
        ("El Foro Juvenil abre.", ["Foro Juvenil"]),
        ("El Foro Juvenil y el Foro abren.", ["Foro Juvenil", "Foro"]),
        ("El Foro y el Foro Juvenil abren.", ["Foro", "Foro Juvenil"]),
        ("El Foro y el otro Foro abren.", ["Foro"]),
        ("El foro abre.", []),
    ],
    ids=["plain", "part of a longer one", "both", "both in order", "once a sentence", "lower case"],
)
def test_a_name_counts_outside_longer_names_of_its_kind(
    paragraph: str, expected: list[str]
) -> None:
    assert [text for text, _ in found(invented(paragraph), FORUM, YOUTH)] == expected


def test_a_name_counts_inside_a_name_of_another_kind() -> None:
    names = found(invented("El Fondo del Foro Juvenil paga."), YOUTH, YOUTH_BANK)
    assert {text for text, _ in names} == {YOUTH.text, YOUTH_BANK.text}


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("El BS presta.", {BANK.text}),
        ("El Banco del Sur (BS) presta.", {BANK.text}),
        ("El Plan BS 2030 sigue.", {BS_PLAN.text}),
        ("El BS sigue el Plan BS 2030.", {BANK.text, BS_PLAN.text}),
    ],
    ids=["short", "long", "inside another kind's name", "beside it"],
)
def test_a_short_form_counts_only_outside_every_name(paragraph: str, expected: set[str]) -> None:
    assert {text for text, _ in found(invented(paragraph), BANK, BS_PLAN)} == expected


def test_occurrences_come_in_document_order_with_the_heading_first() -> None:
    here = invented("Nada. El Foro.", "Foro Juvenil.", "Foro.", title="Foro")
    assert found(here, YOUTH, FORUM) == [
        ("Foro", "1.1:0"),
        ("Foro", "1.1:2"),
        ("Foro Juvenil", "1.1:3"),
        ("Foro", "1.1:4"),
    ]


def test_the_first_sentence_stands_for_a_restored_heading() -> None:
    earth = ProperName("Maravillosa Tierra", "place", ("Maravillosa Tierra",))
    assert found(document(), earth) == [("Maravillosa Tierra", "I:1")]


def test_without_names_nothing_occurs() -> None:
    assert occurrences(document(), ()) == []


def test_every_form_of_a_curated_name_stands_in_the_document() -> None:
    titles = [section.title for section in document().sections]
    prose = "\n".join([*titles, *(sentence.text for sentence in document().sentences)])
    assert [form for name in read() for form in name.forms if form not in prose] == []


def test_every_curated_name_occurs_on_its_own() -> None:
    occurring = {name for name, _ in occurrences(document(), read())}
    assert [name.text for name in read() if name not in occurring] == []


def test_every_occurrence_of_a_curated_name_holds_one_of_its_forms() -> None:
    strange = [
        (name.text, sentence.id)
        for name, sentence in occurrences(document(), read())
        if not any(form in _text(sentence.id) for form in name.forms)
    ]
    assert strange == []


def _text(id_: str) -> str:
    """The sentence, with the heading that a first sentence may stand for."""
    sentence = document().sentence_by_id[id_]
    title = document().section_by_id[sentence.section].title if sentence.ordinal == 1 else ""
    return f"{title} {sentence.text}"


def test_no_curated_name_is_listed_twice_in_its_class() -> None:
    counts = Counter((form, name.kind) for name in read() for form in name.forms)
    assert [pair for pair, count in counts.items() if count > 1] == []
