from collections.abc import Iterable
from functools import cache

import pytest

from rag.corpus import document as documents
from rag.corpus import gazetteer
from rag.corpus.gazetteer import Kind, Thing
from rag.corpus.source import Source
from rag.domain import LANGUAGES, Document, Language
from rag.search.annotation import KNOWN, PROPER, Annotator
from rag.search.fitting_names import label, names
from rag.search.naming import Name
from rag.search.normalisation import words
from tests.product import document
from tests.search.folders import short_document


@cache
def all_names() -> tuple[Name, ...]:
    """What an index of the policy paper is given."""
    return tuple(names(document()))


@cache
def annotator() -> Annotator:
    return Annotator.of(all_names(), [], [])


def only_label(text: str, language: Language) -> str | None:
    """Class of the only thing that a text names; `None` where it is not just the name of one."""
    tokens = annotator().tokens(text, language)
    return tokens[0].label if len(tokens) == 1 and tokens[0].thing is not None else None


def invented(*paragraphs: str) -> Document:
    """A document of those paragraphs, under headings that name nothing."""
    lines = ["Nada.", "[bookmark: _Toc1]1. Uno", "[bookmark: _Toc2](1) Dos", *paragraphs]
    return documents.build(Source("\n".join(lines), ""), documents.reviewed_headings())


def labels_of(text: str, language: Language, found: Iterable[Name]) -> set[str]:
    return {name.label for name in found if (name.text, name.language) == (text, language)}


@pytest.mark.parametrize(
    ("kind", "covered_by", "expected"),
    [
        ("company", (), "COMPANY"),
        ("person", ("2.5",), "PERSON"),
        ("place", (), "PLACE"),
        ("organisation", (), "ORGANISATION"),
        ("project", (), "PROJECT"),
        ("event", (), "EVENT"),
        ("treaty", (), "WRITING"),
        ("document", (), "WRITING"),
        ("law", ("2.5",), "WRITING"),
        ("topic", ("2.5",), "COVERED"),
        ("topic", (), "ABSENT"),
        ("money", (), "ABSENT"),
    ],
)
def test_the_class_of_a_thing_follows_its_kind_and_whether_its_topic_is_treated(
    kind: Kind, covered_by: tuple[str, ...], expected: str
) -> None:
    assert label(Thing(kind, (), covered_by)) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("becas", "es"),
        ("scholarships", "en"),
        ("bolsas de estudo", "pt"),
        ("奖学金", "zh"),
        ("China", "es"),
        ("中国", "zh"),
        ("Sul Global", "pt"),
    ],
)
def test_what_the_document_names_is_known_in_every_language(text: str, language: Language) -> None:
    assert only_label(text, language) == KNOWN


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Brasil", "es", "COUNTRY"),
        ("Brazil", "en", "COUNTRY"),
        ("巴西", "zh", "COUNTRY"),
        ("peso mexicano", "es", "CURRENCY"),
        ("Mexican Peso", "en", "CURRENCY"),
        ("Huawei", "es", "COMPANY"),
        ("华为", "zh", "COMPANY"),
    ],
)
def test_what_it_lacks_has_its_own_class_in_every_language(
    text: str, language: Language, expected: str
) -> None:
    assert only_label(text, language) == expected


def test_a_concept_that_another_document_lacks_is_absent_from_it() -> None:
    assert labels_of("BeiDou", "es", names(short_document())) == {"ABSENT"}


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("Miramos al Sur Global.", KNOWN),
        ("Miramos al sur global.", KNOWN),
        ("Miramos al Sur. Global es la red.", "ABSENT"),
        ("Miramos al Surinam Global.", "ABSENT"),
    ],
    ids=["named", "lower case", "over two sentences", "within a word"],
)
def test_a_thing_is_known_where_one_sentence_names_it(paragraph: str, expected: str) -> None:
    assert labels_of("Global South", "en", names(invented(paragraph))) == {expected}


def test_a_thing_that_only_a_heading_names_is_known() -> None:
    document_ = documents.build(
        Source("Nada.\n[bookmark: _Toc1]1. Uno\n[bookmark: _Toc2](1) Sur Global\nNada.", ""),
        documents.reviewed_headings(),
    )
    assert labels_of("Global South", "en", names(document_)) == {KNOWN}


def test_known_things_come_first() -> None:
    order = [name.label != KNOWN for name in all_names()]
    assert order == sorted(order)


def test_names_of_one_thing_have_one_class() -> None:
    pairs = {(name.thing, name.label) for name in all_names()}
    assert len(pairs) == len({thing for thing, _ in pairs})


def test_classes_are_proper_ones_or_say_how_the_document_stands_to_the_thing() -> None:
    assert {name.label for name in all_names()} == PROPER | {KNOWN, "COVERED", "ABSENT"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_names_of_every_class(language: Language) -> None:
    found = {name.label for name in all_names() if name.language == language}
    assert found == PROPER | {KNOWN, "COVERED", "ABSENT"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("tequila", "COVERED"), ("tequilas", "COVERED"), ("tequilo", None), ("Huaweis", "COMPANY")],
    ids=["itself", "its plural", "another word of its stem", "plural of a company"],
)
def test_a_word_that_the_document_lacks_stands_for_itself_and_its_plural(
    word: str, expected: str | None
) -> None:
    assert only_label(word, "es") == expected


@pytest.mark.parametrize(
    "word", ["beca", "becas", "atleta", "atletas", "sanitario", "diplomáticas"]
)
def test_a_word_of_the_document_stands_for_its_family(word: str) -> None:
    assert only_label(word, "es") == KNOWN


def test_no_spanish_name_of_the_gazetteer_stands_in_the_document() -> None:
    titles = [section.title for section in document().sections]
    titles += [programme.title for programme in document().programmes]
    texts = [*titles, *(sentence.text for sentence in document().sentences)]
    prose = " | ".join(f" {' '.join(words(text))} " for text in texts)
    assert [form for form in _spanish() if f" {' '.join(words(form))} " in prose] == []


def test_no_spanish_name_of_the_gazetteer_is_taken_for_one_of_the_document() -> None:
    assert [form for form in _spanish() if only_label(form, "es") == KNOWN] == []


def _spanish() -> list[str]:
    """The names of the gazetteer's things in Spanish, each once."""
    forms = [form for thing in gazetteer.load() for form in thing.forms()]
    return list(dict.fromkeys(text for text, language in forms if language == "es"))


def test_every_name_is_taken_whole_where_it_stands_alone() -> None:
    spelt = [name for name in all_names() if name.language != "zh"]
    cut = [name for name in spelt if len(annotator().tokens(name.text, name.language)) != 1]
    assert cut == []
