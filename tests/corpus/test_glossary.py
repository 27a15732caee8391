from collections import Counter
from pathlib import Path

import pytest

from rag.corpus.glossary import Concept, load
from rag.domain import LANGUAGES
from rag.errors import SourceError
from tests.product import document

ENTRY = """
[[entry]]
es = ["becas", "beca"]
en = ["scholarships"]
pt = ["bolsas"]
zh = ["奖学金"]
also = ["ayudas de estudio"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "concepts.toml"


def read(file: Path, text: str) -> tuple[Concept, ...]:
    file.write_text(text, encoding="utf-8")
    return load(file)


def test_the_forms_of_a_concept_are_those_of_the_document(file: Path) -> None:
    (concept,) = read(file, ENTRY)
    assert concept.forms == ("becas", "beca")


def test_the_names_of_a_concept_are_its_forms_and_what_else_people_say(file: Path) -> None:
    (concept,) = read(file, ENTRY)
    assert concept.names == (
        ("becas", "es"),
        ("beca", "es"),
        ("ayudas de estudio", "es"),
        ("scholarships", "en"),
        ("bolsas", "pt"),
        ("奖学金", "zh"),
    )


def test_a_concept_needs_no_name_in_another_language(file: Path) -> None:
    assert read(file, '[[entry]]\nes = ["becas"]') == (Concept(("becas",), (("becas", "es"),)),)


@pytest.mark.parametrize("text", ["", "# nothing\n"], ids=["empty", "a comment"])
def test_a_file_without_entries_has_no_concepts(text: str, file: Path) -> None:
    assert read(file, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        '[[entry]]\nen = ["scholarships"]',
        '[[entry]]\nes = "becas"',
        '[[entry]]\nes = ["becas"]\nfr = ["bourses"]',
        "[[entry]]\nes = [7]",
        '[entry]\nes = ["becas"]',
        '[[entry]\nes = ["becas"]',
        "\udcff",
    ],
    ids=[
        *("no Spanish", "no list", "unknown language", "no text", "one table", "no TOML"),
        "no UTF-8",
    ],
)
def test_a_file_that_is_not_valid_is_named_in_the_failure(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SourceError, match=file.name):
        load(file)


def test_a_missing_file_is_named_in_the_failure(file: Path) -> None:
    with pytest.raises(SourceError, match=file.name):
        load(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_curated_concept_has_a_name_in_every_language(language: str) -> None:
    assert [c.forms for c in load() if language not in {spoken for _, spoken in c.names}] == []


def test_every_form_of_a_curated_concept_stands_in_the_document() -> None:
    titles = [section.title for section in document().sections]
    titles += [programme.title for programme in document().programmes]
    texts = [*titles, *(sentence.text for sentence in document().sentences)]
    prose = "\n".join(texts).casefold()
    forms = [form for concept in load() for form in concept.forms]
    assert [form for form in forms if form.casefold() not in prose] == []


def test_no_form_belongs_to_two_curated_concepts() -> None:
    counts = Counter(form.casefold() for concept in load() for form in concept.forms)
    assert [form for form, count in counts.items() if count > 1] == []


def test_no_curated_concept_has_a_name_twice_in_one_language() -> None:
    repeated = [c.forms for c in load() if max(Counter(c.names).values()) > 1]
    assert repeated == []


def test_no_curated_name_is_blank_or_has_space_around_it() -> None:
    names = [name for concept in load() for name, _ in concept.names]
    assert [name for name in names if name != name.strip() or not name] == []
