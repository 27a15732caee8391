import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.composition import anchor
from rag.answer.frames import escape
from rag.answer.structural import MAX_OVERVIEW, StructuralAnswerer
from rag.corpus import names
from rag.corpus.questions import Intent
from rag.domain import LANGUAGES, Draft, Language, Sentence
from rag.search.places import Places
from rag.search.requests import Request, kinds_of
from rag.search.topics import Topics
from tests.product import document

row = pytest.param
NAMES = names.read()
CLASSES = sorted({name.kind for name in NAMES})
PROGRAMMES = [programme.title for programme in document().programmes]
SECTIONS = tuple(document().section_by_id)
FRONTS = ("prologo", "I", "II", "III")
RESTORED = {f"{section.id}:1" for section in document().sections if section.restored}
MENTIONS = [document().sentence_by_id[id_] for id_ in ("2.11:2", "2.11:3", "4.2:1", "5.5:0")]
KINDS: list[Intent] = ["outline", "count", "names", "programme_of", "section_of", "mentions"]
REQUESTS = st.builds(
    Request,
    st.sampled_from([*KINDS, "compare", "overview"]),
    st.lists(st.sampled_from(SECTIONS), max_size=3).map(tuple),
    st.lists(st.integers(1, 5), max_size=3).map(tuple),
    topic=st.sampled_from(["", "pesca"]),
    parts=st.sampled_from([(), ("pesca",)]),
    splits=st.sampled_from([(), (("pesca", "turismo"),)]),
    names=st.lists(st.sampled_from(CLASSES), max_size=2).map(tuple),
    is_of_parts=st.booleans(),
    is_of_programmes=st.booleans(),
)


class FixedTopics(Topics):
    """Knows fishing only."""

    def __init__(self) -> None:
        pass

    def sections_of(self, topic: str) -> Sequence[str]:
        return ["2.11"] if topic == "pesca" else []

    def sentences_of(self, topic: str, section: str) -> Sequence[str]:
        return [f"{section}:{n}" for n in (2, 1, 3)] if topic == "pesca" else []

    def inside(self, programme: int, topic: str) -> Sequence[str]:
        return {2: ["2.11:2", "2.11:1"], 5: ["5.5:2"]}.get(programme, []) if topic else []

    def pair_of(self, request: Request) -> tuple[str, ...]:
        return ("2.11", "5.5") if ("pesca", "turismo") in request.splits else ()


class FixedPlaces(Places):
    """Knows where fishing is named."""

    def of(self, parts: Sequence[str]) -> Sequence[Sentence]:
        return MENTIONS if "pesca" in parts else []


ANSWERER = StructuralAnswerer(document(), NAMES, FixedTopics(), FixedPlaces(document()))


def drafted(request: Request, language: Language = "es") -> Draft:
    draft = ANSWERER.draft(request, language)
    assert draft is not None
    return draft


def cited(request: Request, language: Language = "es") -> list[str]:
    """Ids of the cited headings and sentences, in order."""
    ids = {(s.section, s.text): id_ for id_, s in document().sentence_by_id.items()}
    return [ids[c.section, c.quote] for c in drafted(request, language).citations]


def anchors(sections: Sequence[str]) -> list[str]:
    """What the sections are cited through."""
    found = (anchor(document().section_by_id[id_]) for id_ in sections)
    return [sentence.id for sentence in found if sentence]


@given(REQUESTS, st.sampled_from(LANGUAGES))
def test_every_citation_quotes_a_sentence_or_heading_of_its_section(
    request_: Request, language: Language
) -> None:
    draft = ANSWERER.draft(request_, language)
    standing = {(s.section, s.text) for s in document().sentence_by_id.values()}
    assert draft is None or {(c.section, c.quote) for c in draft.citations} <= standing


@given(REQUESTS, st.sampled_from(LANGUAGES))
def test_the_language_changes_only_the_words_around_what_is_cited(
    request_: Request, language: Language
) -> None:
    there, here = (ANSWERER.draft(request_, each) for each in (language, "es"))
    assert (there and there.citations) == (here and here.citations)


@given(REQUESTS)
def test_what_rests_on_nothing_is_only_said_in_frames(request_: Request) -> None:
    draft = ANSWERER.draft(request_, "es")
    loose = {s.verdict for s in draft.sentences if not s.citations} if draft else set()
    assert loose <= {"frame"}


@pytest.mark.parametrize("number", document().programme_by_number)
@pytest.mark.parametrize("kind", ["outline", "count", "overview", "compare"])
def test_a_programme_is_answered_by_the_headings_of_all_its_sections(
    kind: Intent, number: int
) -> None:
    headings = anchors(document().programme_by_number[number].sections)
    found = cited(Request(kind, programmes=(number, number % 5 + 1)))
    assert found[: len(headings)] == headings


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        row(Request("count", programmes=(2,)), "El **Programa del desarrollo** tiene 17", id="one"),
        row(Request("count", programmes=(4, 5)), "Suman 12 subsecciones.", id="two"),
        row(Request("count", is_of_programmes=True), "El documento tiene 5 programas:", id="all"),
        row(
            Request("count"),
            "48 secciones: 44 subsecciones numeradas en 5 programas, y 4 partes",
            id="sections",
        ),
        row(
            Request("count", names=("fair",)),
            "El documento nombra 11, cada uno con el lugar donde está:",
            id="names",
        ),
        row(Request("names", names=("network",)), "El documento nombra solo esto:", id="one name"),
        row(Request("outline", is_of_parts=True), "el documento tiene 4 partes:", id="parts"),
        row(Request("mentions", parts=("pesca",)), "(lugares: 4; secciones: 3)", id="mentions"),
    ],
)
def test_what_is_counted_is_said(request_: Request, said: str) -> None:
    assert said in drafted(request_).text


def test_how_often_a_thing_is_named_is_said() -> None:
    answerer = StructuralAnswerer(document(), NAMES, FixedTopics(), Places(document()))
    draft = answerer.draft(Request("mentions", parts=("omc",)), "es")
    assert draft is not None
    assert "3 veces (lugares: 1; secciones: 1):" in draft.text


def test_the_count_of_all_sections_rests_on_the_last_heading_of_every_programme() -> None:
    assert cited(Request("count")) == ["1.9:0", "2.17:0", "3.6:0", "4.6:0", "5.6:0"]


def test_the_parts_with_a_roman_number_are_counted() -> None:
    assert "(3 con número romano)" in drafted(Request("count")).text


def test_the_counts_of_the_programmes_add_up_to_all_numbered_sections() -> None:
    counts = re.findall(r"tiene (\d+) subsecciones; la última", drafted(Request("count")).text)
    assert [int(count) for count in counts] == [len(p.sections) for p in document().programmes]


def test_the_outline_of_the_document_lists_its_parts_and_then_its_programmes() -> None:
    text = drafted(Request("outline", is_of_parts=True, is_of_programmes=True)).text
    titles = [document().section_by_id[id_].title for id_ in FRONTS]
    places = [text.index(escape(title)) for title in [*titles, *PROGRAMMES]]
    assert places == sorted(places)


def holding(kind: str, *, short: bool) -> set[str]:
    """Ids of what holds a name of the class, or also a short form of one."""
    kinds = kinds_of([kind])
    forms = [f for n in NAMES if n.kind in kinds for f in n.forms[: None if short else 1]]
    sentences = document().sentence_by_id.values()
    return {s.id for s in sentences if any(form in s.text for form in forms)}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_place_of_a_name_is_cited(kind: str) -> None:
    assert holding(kind, short=False) <= set(cited(Request("names", names=(kind,))))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_name_is_cited_only_where_it_stands_or_stood_in_a_lost_heading(kind: str) -> None:
    found = set(cited(Request("names", names=(kind,))))
    assert found <= holding(kind, short=True) | RESTORED


@pytest.mark.parametrize("kind", CLASSES)
def test_every_name_of_a_class_is_listed(kind: str) -> None:
    text = drafted(Request("names", names=(kind,))).text
    missing = [n.text for n in NAMES if n.kind == kind and f"- {escape(n.text)} " not in text]
    assert missing == []


@pytest.mark.parametrize(
    ("request_", "ids"),
    [
        row(
            Request("names", programmes=(5,), names=("forum",)),
            ["5.2:4", "5.6:2", "5.6:5"],
            id="names in a programme",
        ),
        row(Request("names", ("4.2",), names=("forum",)), ["4.2:3", "4.2:4"], id="in a section"),
        row(
            Request("mentions", programmes=(2,), parts=("pesca",)),
            ["2.11:2", "2.11:3"],
            id="mentions in a programme",
        ),
        row(Request("mentions", ("4.2",), parts=("pesca",)), ["4.2:1"], id="mentions in a section"),
        row(
            Request("programme_of", topic="pesca"), ["2.11:0", "2.11:2"], id="programme of a topic"
        ),
        row(Request("section_of", ("3.4",), topic="pesca"), ["3.4:0"], id="named before sought"),
        row(Request("section_of", ("2.1",)), ["2.1:1"], id="section without a heading"),
        row(Request("outline", FRONTS[:2]), ["prologo:1", "I:1"], id="parts without a heading"),
        row(Request("outline", is_of_programmes=True), ["III:1"], id="what introduces programmes"),
        row(Request("outline", ("3.4",), order="next"), ["3.5:0"], id="after"),
        row(Request("outline", ("3.4",), order="previous"), ["3.3:0"], id="before"),
        row(Request("outline", topic="pesca", order="around"), ["2.10:0", "2.12:0"], id="around"),
        row(Request("outline", ("2.6", "2.9"), order="between"), ["2.7:0", "2.8:0"], id="between"),
        row(Request("outline", ("2.7", "2.6"), order="between"), ["2.6:0", "2.7:0"], id="adjacent"),
        row(Request("outline", ("4.3", "2.8"), order="compared"), ["2.8:0", "4.3:0"], id="ranked"),
        row(Request("outline", order="first"), ["prologo:1"], id="first of all"),
        row(Request("outline", programmes=(4,), order="first"), ["4.1:0"], id="first of one"),
        row(Request("outline", programmes=(4,), order="last"), ["4.6:0"], id="last of one"),
        row(
            Request("compare", programmes=(2, 5), parts=("pesca",)),
            ["2.11:2", "2.11:1", "5.5:2"],
            id="two programmes on one topic",
        ),
        row(Request("outline", ("5.6",), order="next"), ["5.6:0"], id="after the last"),
        row(Request("outline", ("prologo",), order="previous"), ["prologo:1"], id="before all"),
    ],
)
def test_exactly_what_is_asked_for_is_cited(request_: Request, ids: list[str]) -> None:
    assert cited(request_) == ids


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        row(Request("programme_of", ("3.4",)), "**Programa de las civilizaciones**", id="inside"),
        row(Request("programme_of", ("II",)), "Está fuera de los cinco programas", id="outside"),
    ],
)
def test_the_programme_of_a_section_is_said(request_: Request, said: str) -> None:
    assert said in drafted(request_).text


def test_every_mention_is_quoted_with_its_place_in_the_document() -> None:
    text = drafted(Request("mentions", parts=("pesca",))).text
    quotes = [f"«{escape(sentence.text)}» \\[{sentence.id}\\]" for sentence in MENTIONS]
    assert [quote for quote in quotes if quote not in text] == []


@pytest.mark.parametrize(
    "request_",
    [
        row(Request("compare", ("2.11", "5.5")), id="by number"),
        row(Request("compare", splits=(("pesca", "turismo"),)), id="by theme"),
    ],
)
def test_a_comparison_sums_up_both_sections_one_after_the_other(request_: Request) -> None:
    sections = [id_.split(":")[0] for id_ in cited(request_)]
    assert list(dict.fromkeys(sections)) == ["2.11", "5.5"]


@pytest.mark.parametrize("id_", SECTIONS)
def test_an_overview_quotes_a_few_sentences_in_their_order(id_: str) -> None:
    quoted = [
        document().sentence_by_id[each].ordinal for each in cited(Request("overview", (id_,)))
    ]
    count = min(MAX_OVERVIEW, len(document().section_by_id[id_].sentences))
    assert (quoted, len(quoted)) == (sorted(quoted), count)


@pytest.mark.parametrize("id_", SECTIONS)
def test_an_overview_begins_every_paragraph_before_it_goes_on_with_one(id_: str) -> None:
    leads = {p.sentences[0].id for p in document().section_by_id[id_].paragraphs[:MAX_OVERVIEW]}
    assert leads <= set(cited(Request("overview", (id_,))))


@pytest.mark.parametrize(
    "request_",
    [
        row(Request("mentions", parts=("zxqwvkj",)), id="mentions of nothing"),
        row(Request("mentions", programmes=(3,), parts=("pesca",)), id="none in the programme"),
        row(Request("names", programmes=(3,), names=("fair",)), id="no name in the programme"),
        row(Request("section_of", topic="zxqwvkj"), id="place of nothing"),
        row(Request("overview", topic="zxqwvkj"), id="overview of nothing"),
        row(Request("compare", splits=(("zxqwvkj", "pesca"),)), id="comparison with nothing"),
    ],
)
def test_what_the_document_does_not_have_gets_no_answer(request_: Request) -> None:
    assert ANSWERER.draft(request_, "es") is None


def listed(qualifiers: tuple[str, ...], kind: str = "forum") -> set[str]:
    """Names that are listed of a class, as their items begin."""
    draft = drafted(Request("names", parts=qualifiers, names=(kind,)))
    return {s.text.partition(" (Programa")[0] for s in draft.sentences if s.citations}


def test_what_narrows_a_class_leaves_only_the_names_that_say_it() -> None:
    assert listed(("jovenes",)) == {"Foro de Desarrollo Juvenil China-ALC"}


@pytest.mark.parametrize("word", ["space", "espacial", "太空"])
def test_a_class_is_narrowed_in_the_askers_language(word: str) -> None:
    assert listed((word,)) == {
        "Foro de Cooperación Espacial China-CELAC",
        "Foro de Cooperación de BeiDou China-CELAC",
    }


def test_a_word_that_no_name_says_narrows_nothing() -> None:
    assert listed(("interesantes",)) == listed(())


def test_a_wider_class_takes_in_the_narrower_ones() -> None:
    assert {"Banco Mundial", "Asamblea General de la ONU", "G20"} <= listed((), "organisation")
