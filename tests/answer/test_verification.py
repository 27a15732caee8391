import unicodedata
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.answer.verification import MIN_QUOTE, Verifier
from rag.corpus import document as documents
from rag.corpus.source import Source
from rag.domain import Citation, Draft, DraftCitation, Section, Sentence
from tests.product import document

NUCLEAR = document().sentence_by_id["2.5:4"]
SOLAR = document().sentence_by_id["2.5:3"]
LEAST = "con fines pa"
"""Stands in the sentence on nuclear energy."""
TWICE = "comunidad de futuro compartido de la humanidad"
"""Stands in several sections."""


@cache
def verifier() -> Verifier:
    return Verifier(document())


def verify(section: str, quote: str) -> Citation:
    return verifier().verify(DraftCitation(section, quote))


def verdict(section: str, quote: str) -> str:
    return verify(section, quote).verdict


@pytest.mark.parametrize("sentence", document().sentence_by_id.values(), ids=lambda s: s.id)
def test_every_sentence_and_heading_is_verified_where_it_stands(
    sentence: Sentence,
) -> None:
    expected = Citation(sentence.id, sentence.text, sentence.start, sentence.end, "verified")
    assert verify(sentence.section, sentence.text) == expected


def test_part_of_a_sentence_is_verified_at_its_own_offsets() -> None:
    quote = "la energía hidráulica, la solar"
    start = document().source.index(quote)
    found = verify("2.5", quote)
    assert found == Citation("2.5:3", quote, start, start + len(quote), "verified")


def test_two_neighbouring_sentences_are_one_quote_of_the_first() -> None:
    found = verify("2.5", f"{SOLAR.text} {NUCLEAR.text}")
    assert (found.sentence, found.start, found.end) == ("2.5:3", SOLAR.start, NUCLEAR.end)


def test_a_quote_of_another_section_is_moved_and_keeps_the_claim() -> None:
    found = verify("4.3", NUCLEAR.text)
    assert (found.verdict, found.sentence, found.claimed_section) == ("moved", "2.5:4", "4.3")


def test_a_quote_under_a_section_that_does_not_exist_is_moved() -> None:
    assert verdict("9.9", NUCLEAR.text) == "moved"


def test_a_quote_that_stands_in_several_sections_is_verified_in_the_claimed_one() -> None:
    found = verify("2.2", TWICE)
    assert (found.verdict, found.sentence.split(":")[0]) == ("verified", "2.2")


def test_a_quote_that_stands_in_several_sections_is_moved_to_the_first_from_elsewhere() -> None:
    found = verify("5.5", TWICE)
    assert (found.verdict, found.start) == ("moved", document().source.index(TWICE))


@pytest.mark.parametrize("mark", ["…", "...", "[…]", "[...]", "(…)", "(...)", " […] ", "… "])
def test_fragments_of_one_section_in_order_are_stitched(mark: str) -> None:
    found = verify("2.5", f"Fortalecer la cooperación en energías{mark}con fines pacíficos")
    assert (found.verdict, found.claimed_section) == ("stitched", None)


def test_a_stitched_quote_shows_everything_between_its_fragments() -> None:
    found = verify("2.5", "Fortalecer la cooperación en energías limpias […] y la de hidrógeno.")
    assert (found.quote, found.start, found.end) == (SOLAR.text, SOLAR.start, SOLAR.end)


def test_a_stitched_quote_of_another_section_keeps_the_claim() -> None:
    found = verify("4.3", "Fortalecer la cooperación en energías … y la de hidrógeno.")
    assert (found.verdict, found.sentence, found.claimed_section) == ("stitched", "2.5:3", "4.3")


def test_a_later_fragment_may_also_stand_before_the_first() -> None:
    text = (
        "[bookmark: _Toc1]1. P\n[bookmark: _Toc2](1) A\n"
        "La segunda parte vale. La primera parte vale. Más. La segunda parte vale.\n"
    )
    built = documents.build(Source(text, ""))
    claim = DraftCitation("1.1", "La primera parte vale … La segunda parte vale")
    found = Verifier(built).verify(claim)
    assert (found.verdict, found.end) == ("stitched", text.rindex(".", 0, -1))


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("con fines pacíficos … Fortalecer la cooperación en energías", id="disorder"),
        pytest.param(f"{SOLAR.text} … tratados de extradición", id="fragments of two sections"),
        pytest.param(f"{SOLAR.text} … una frase que nadie escribió", id="invented fragment"),
        pytest.param(f"{SOLAR.text} … nuclear", id="fragment too short"),
    ],
)
def test_what_cannot_be_stitched_is_not_found(quote: str) -> None:
    assert verdict("2.5", quote) == "not_found"


@pytest.mark.parametrize("quote", [f"…{SOLAR.text}", f"{SOLAR.text} […]", f"... {SOLAR.text} ..."])
def test_an_ellipsis_at_the_ends_leaves_a_quote_whole(quote: str) -> None:
    found = verify("2.5", quote)
    assert (found.verdict, found.start, found.end) == ("verified", SOLAR.start, SOLAR.end)


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(SOLAR.text.replace("limpias", "sucias"), id="one word changed"),
        pytest.param(SOLAR.text.replace("la solar, ", ""), id="words left out in silence"),
        pytest.param(SOLAR.text.replace("energías", "energias"), id="accents left out"),
        pytest.param("Ciertas palabras que nadie escribió nunca", id="invented"),
        pytest.param("energía", id="one word"),
        pytest.param(LEAST[:-1], id="one character too short"),
        pytest.param("Llena de Vitalidad y Esperanza", id="what is left of a lost heading"),
        pytest.param("[bookmark: _Toc215743053]", id="a bookmark"),
        pytest.param("", id="empty"),
        pytest.param(" \n", id="blank"),
        pytest.param("…", id="only an ellipsis"),
        pytest.param("\ud800" * 20, id="lone surrogates"),
    ],
)
def test_what_the_document_does_not_say_is_not_found(quote: str) -> None:
    assert verdict("2.5", quote) == "not_found"


def test_a_rejected_quote_keeps_what_was_claimed() -> None:
    invented = "Ciertas palabras que nadie escribió"
    assert verify("2.5", invented) == Citation("", invented, 0, 0, "not_found", "2.5")


@pytest.mark.parametrize(("before", "behind"), [("2.5", "2.6"), ("II", "III"), ("1.9", "2.1")])
def test_a_quote_across_two_sections_is_not_found(before: str, behind: str) -> None:
    first, second = document().section_by_id[before], document().section_by_id[behind]
    across = f"{document().source[first.end - 60 : second.start]}{second.sentences[0].text}"
    assert verdict(before, across) == "not_found"


def test_a_quote_of_exactly_the_least_length_is_looked_up() -> None:
    assert (len(LEAST), verdict("2.5", LEAST)) == (MIN_QUOTE, "verified")


def test_a_short_heading_is_a_quote_as_a_whole() -> None:
    text = "[bookmark: _Toc1]1. P\n[bookmark: _Toc2](1) Paz\nUna oración cualquiera.\n"
    found = Verifier(documents.build(Source(text, ""))).verify(DraftCitation("1.1", "(1) paz"))
    assert (found.verdict, found.quote) == ("verified", "(1) Paz")


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(SOLAR.text.upper(), id="upper case"),
        pytest.param(SOLAR.text.replace(" ", "\n \t"), id="white space"),
        pytest.param(SOLAR.text.replace(" ", "\u00a0"), id="no-break spaces"),
        pytest.param(f"  {SOLAR.text}\n", id="margins"),
        pytest.param(unicodedata.normalize("NFD", SOLAR.text), id="decomposed accents"),
    ],
)
def test_notation_does_not_change_a_quote(quote: str) -> None:
    assert verify("2.5", quote) == verify("2.5", SOLAR.text)


@pytest.mark.parametrize("marks", ["“”", "«»", '""', "„“"[1:] + "”"])
def test_quotation_marks_are_alike(marks: str) -> None:
    quote = f"{marks[0]}pequeños y hermosos{marks[1]} para los países de ALC"
    assert verify("5.2", quote).quote == "“pequeños y hermosos” para los países de ALC"


@pytest.mark.parametrize("dash", "-–—‑")
def test_dashes_are_alike(dash: str) -> None:
    assert verdict("1.8", f"Foro China{dash}CELAC (FCC)") == "verified"


def test_a_decomposed_source_is_quoted_with_its_accents() -> None:
    text = unicodedata.normalize(
        "NFD", "[bookmark: _Toc1]1. P\n[bookmark: _Toc2](1) A\nEs útil allí\n"
    )
    found = Verifier(documents.build(Source(text, ""))).verify(DraftCitation("1.1", "Es útil allí"))
    assert found.quote == unicodedata.normalize("NFD", "Es útil allí")


def test_a_draft_is_sorted_into_what_stands_and_what_does_not() -> None:
    claims = ("Nadie lo escribió jamás", NUCLEAR.text, "Esto tampoco lo dice", SOLAR.text)
    draft = Draft("", (), tuple(DraftCitation("2.5", quote) for quote in claims))
    kept, rejected = verifier().verify_draft(draft)
    assert [[c.quote for c in kept], [c.quote for c in rejected]] == [
        [NUCLEAR.text, SOLAR.text],
        ["Nadie lo escribió jamás", "Esto tampoco lo dice"],
    ]


@st.composite
def excerpts(draw: st.DrawFn) -> tuple[Section, int, int]:
    """A section and the ends of a stretch of its prose that is long enough to be a quote."""
    section = draw(st.sampled_from(document().sections))
    paragraph = draw(st.sampled_from(section.paragraphs))
    start = draw(st.integers(paragraph.start, paragraph.end - MIN_QUOTE))
    end = draw(st.integers(start + MIN_QUOTE, paragraph.end))
    assume(len(document().source[start:end].strip()) >= MIN_QUOTE)
    return section, start, end


@given(excerpts())
def test_any_excerpt_is_verified_in_its_section(excerpt: tuple[Section, int, int]) -> None:
    section, start, end = excerpt
    quote = document().source[start:end].strip()
    found = verify(section.id, quote)
    place = document().sentence_by_id[found.sentence].section
    assert (found.verdict, found.quote, place) == ("verified", quote, section.id)


@given(excerpts(), st.sampled_from(document().sections))
def test_whatever_is_claimed_a_citation_equals_the_source(
    excerpt: tuple[Section, int, int], claimed: Section
) -> None:
    _, start, end = excerpt
    found = verify(claimed.id, document().source[start:end].upper())
    assert document().source[found.start : found.end] == found.quote


@given(st.text())
def test_no_claim_makes_the_verifier_fail(quote: str) -> None:
    found = verify("2.5", quote)
    assert found.verdict == "not_found" or quote.strip() != ""
