from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.frames import escape, frame, unescape
from rag.answer.silence import (
    MAX_FORMS,
    MAX_NEAREST,
    Absence,
    AbsenceAnswerer,
    Note,
    checked_terms,
    closest_passage,
    nearest_sections,
)
from rag.corpus.passages import passages
from rag.corpus.questions import REASONS
from rag.domain import LANGUAGES, Draft, Hit, Language, Reason
from rag.search.retrieval import Retrieval, Term
from tests.product import document

row = pytest.param
ANSWERER = AbsenceAnswerer(document())
PASSAGES = {passage.id: passage for passage in passages(document())}
FISHING = "2.11:2"
KNOWN = Term("pesca", "pesca", 1.0)
UNKNOWN = Term("zxqwvkj", None, 1.0)
SECTIONS = ("2.11", "5.5", "4.2", "1.1")
OUTSIDE: list[Reason] = ["greeting", "out_of_domain"]
INSIDE = [reason for reason in REASONS if reason not in OUTSIDE]
NOTES: tuple[Note, ...] = get_args(Note)
NAMES = st.lists(st.text("*_`<>[]$:a中", min_size=1, max_size=8), min_size=1, max_size=6).map(tuple)


def found(*terms: Term, sections: tuple[str, ...] = SECTIONS) -> Retrieval:
    """What comes nearest: the sentence on fishing, where anything of the question is known."""
    return Retrieval((Hit(PASSAGES[FISHING], 1.0, {}),), sections, {}, terms)


def draft(absence: Absence, language: Language = "es", retrieval: Retrieval | None = None) -> Draft:
    return ANSWERER.draft(absence, language, retrieval or found(KNOWN, UNKNOWN))


def text(absence: Absence, language: Language = "es", retrieval: Retrieval | None = None) -> str:
    return unescape(draft(absence, language, retrieval).text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", OUTSIDE)
def test_what_is_outside_the_document_gets_one_sentence(reason: Reason, language: Language) -> None:
    outside = draft(Absence(reason, missing=(("guacamole",),)), language)
    assert (outside.text, outside.citations) == (frame(language, reason), ())


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("note", NOTES)
def test_what_is_special_about_a_question_is_said_whatever_the_reason(
    reason: Reason, note: Note
) -> None:
    assert text(Absence(reason, note, (("guacamole",),))).startswith(frame("es", note))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", ["absent_topic", "absent_detail"])
def test_what_the_document_does_not_name_is_named(reason: Reason, language: Language) -> None:
    first = text(Absence(reason, missing=(("guacamole",),)), language).splitlines()[0]
    assert "guacamole" in first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "key"),
    [
        row("absent_topic", "absent", id="topic"),
        row("absent_detail", "absent", id="detail"),
        row("false_premise", "absent", id="premise"),
        row("other_document", "other_document", id="other document"),
    ],
)
def test_where_no_name_is_missing_the_reason_is_said(
    reason: Reason, key: str, language: Language
) -> None:
    assert text(Absence(reason), language).splitlines()[0] == frame(language, key)


def test_a_premise_that_is_false_is_not_a_name_that_is_missing() -> None:
    absence = Absence("false_premise", missing=(("guacamole",),))
    assert text(absence).splitlines()[0] == frame("es", "absent")


def test_two_missing_things_are_named_and_no_third() -> None:
    missing = (("guacamole",), ("tango",), ("ajedrez",))
    first = text(Absence("absent_topic", missing=missing)).splitlines()[0]
    assert [name for (name,) in missing if name in first] == ["guacamole", "tango"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", INSIDE)
def test_the_words_looked_for_in_vain_are_listed(reason: Reason, language: Language) -> None:
    assert UNKNOWN.word in text(Absence(reason), language)


@pytest.mark.parametrize("reason", INSIDE)
def test_the_closest_sections_are_named(reason: Reason) -> None:
    shown = text(Absence(reason))
    titles = [document().section_by_id[id_].title for id_ in SECTIONS]
    assert [title for title in titles if title in shown] == titles[:MAX_NEAREST]


def test_without_a_close_section_none_is_named() -> None:
    nothing = Retrieval((), (), {}, (UNKNOWN,))
    assert "Lo más cercano" not in text(Absence("absent_topic"), retrieval=nothing)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", INSIDE)
def test_the_closest_sentence_is_quoted_in_every_language(
    reason: Reason, language: Language
) -> None:
    quotes = [citation.quote for citation in draft(Absence(reason), language).citations]
    assert quotes == [document().sentence_by_id[FISHING].text]


@pytest.mark.parametrize("reason", INSIDE)
def test_where_no_word_is_known_nothing_is_quoted(reason: Reason) -> None:
    assert draft(Absence(reason), retrieval=found(UNKNOWN)).citations == ()


@given(NAMES, st.sampled_from(LANGUAGES))
def test_what_someone_typed_is_never_taken_for_markup(
    names: tuple[str, ...], language: Language
) -> None:
    shown = draft(Absence("absent_topic", missing=(names,)), language).text
    assert escape(names[0]) in shown


@given(st.lists(NAMES, max_size=3).map(tuple))
def test_each_word_looked_for_in_vain_comes_once(missing: tuple[tuple[str, ...], ...]) -> None:
    terms = checked_terms(Absence("absent_topic", missing=missing), found(KNOWN, UNKNOWN))
    assert len(set(terms)) == len(terms)


def test_names_of_what_is_missing_come_before_words_that_nothing_knows() -> None:
    absence = Absence("absent_topic", missing=(("palta", "aguacate"),))
    assert checked_terms(absence, found(KNOWN, UNKNOWN)) == ("palta", "aguacate", "zxqwvkj")


def test_of_many_names_of_one_thing_a_few_are_listed() -> None:
    names = ("uno", "dos", "tres", "cuatro", "cinco", "seis")
    absence = Absence("absent_topic", missing=(names,))
    assert checked_terms(absence, found(KNOWN)) == names[:MAX_FORMS]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        row("absent_topic", ("3.2", "1.6", "2.11"), id="a topic that is missing"),
        row("other_document", ("3.2", "1.6", "2.11"), id="another document"),
        row("absent_detail", ("2.11", "3.2", "1.6"), id="a detail of a thing that is treated"),
        row("false_premise", ("2.11", "3.2", "1.6"), id="a premise about one"),
    ],
)
def test_sections_close_to_what_is_missing_are_named_beside_the_best_found(
    reason: Reason, expected: tuple[str, ...]
) -> None:
    retrieval = found(KNOWN, sections=(*SECTIONS, "3.2", "1.6", "3.4"))
    assert nearest_sections(Absence(reason, near=("3.2", "1.6", "3.4")), retrieval) == expected


def test_a_close_section_that_could_not_be_found_is_not_named() -> None:
    assert nearest_sections(Absence("absent_topic", near=("9.9",)), found(KNOWN)) == SECTIONS[:3]


def test_a_close_section_that_is_also_found_is_named_once() -> None:
    near = nearest_sections(Absence("absent_topic", near=("5.5", "2.11")), found(KNOWN))
    assert near == ("5.5", "2.11", "4.2")


def test_nothing_is_close_to_a_greeting() -> None:
    assert nearest_sections(Absence("greeting", near=("5.5",)), found(KNOWN)) == ()


@pytest.mark.parametrize(
    ("nearest", "expected"),
    [
        row(("5.5", "2.11"), "5.5:1", id="of the first section"),
        row(("1.1", "2.11"), "2.11:2", id="of the first that has one"),
        row(("1.1",), None, id="none"),
    ],
)
def test_the_best_sentence_of_the_closest_section_is_quoted(
    nearest: tuple[str, ...], expected: str | None
) -> None:
    hits = [Hit(PASSAGES[id_], 1.0, {}) for id_ in (FISHING, "5.5:1", "5.5:2")]
    retrieval = Retrieval(tuple(hits), SECTIONS, {}, (KNOWN,))
    assert closest_passage(nearest, retrieval) == expected
