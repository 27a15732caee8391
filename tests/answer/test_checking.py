import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import protocol
from rag.answer.checking import Checked
from rag.answer.verification import MIN_QUOTE
from rag.domain import LANGUAGES, Language, Problem
from tests.answer.writers import checker
from tests.product import document

row = pytest.param

SUN = "China y ALC fortalecerán la cooperación en energías limpias como la solar y la eólica"
"""Backed by 2.5:3."""
BREAD = "El precio del pan sube cada verano en las ciudades costeras"
"""Backed by nothing."""
QUOTE = document().sentence_by_id["2.5:3"].text


def check(raw: str, language: Language = "es") -> Checked:
    return checker().check(protocol.read(raw), language)


def verdicts(raw: str, language: Language = "es") -> list[str]:
    return [sentence.verdict for sentence in check(raw, language).sentences]


def problems(raw: str) -> tuple[Problem, ...]:
    (sentence,) = check(raw).sentences
    return sentence.problems


def cited(raw: str) -> list[tuple[str, str]]:
    return [(c.sentence, c.verdict) for c in check(raw).citations]


def rejected(raw: str) -> list[str]:
    return [citation.quote for citation in check(raw).rejected]


def test_a_statement_that_its_sentence_backs_is_supported() -> None:
    (sentence,) = check(f"{SUN} [2.5:3].").sentences
    assert (sentence.verdict, sentence.citations, sentence.aligned) == (
        "supported",
        ("2.5:3",),
        False,
    )


def test_the_cited_sentence_is_quoted_whole_from_the_source() -> None:
    (citation,) = check(f"{SUN} [2.5:3].").citations
    source = document().source[citation.start : citation.end]
    assert (citation.quote, source, citation.verdict) == (QUOTE, QUOTE, "verified")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        row(f"{BREAD} [2.5:3].", "wording", id="wording"),
        row(f"{SUN} en 30 países [2.5:3].", "number", id="number"),
        row(f"{SUN} con Bolivia [2.5:3].", "name", id="name"),
        row(f"{SUN.replace('fortalecerán', 'no fortalecerán')} [2.5:3].", "negation", id="denied"),
        row(f"{SUN.replace('fortalecerán', 'garantizan')} [2.5:3].", "modality", id="force"),
        row(f"{SUN} [9.9:7].", "unknown_id", id="unknown id"),
        row(f"Dice: «{QUOTE.replace('eólica', 'ganadera')}» [2.5:3]", "quote", id="quote"),
    ],
)
class TestWhatIsNotBacked:
    def test_is_unsupported(self, raw: str, problem: Problem) -> None:
        assert verdicts(raw) == ["unsupported"]

    def test_says_why(self, raw: str, problem: Problem) -> None:
        assert problem in problems(raw)

    def test_is_counted(self, raw: str, problem: Problem) -> None:
        found = check(raw)
        assert (found.supported, len(found.statements)) == (0, 1)


def test_an_unknown_id_is_rejected_as_it_was_claimed() -> None:
    (citation,) = check(f"{SUN} [9.9:7].").rejected
    assert (citation.quote, citation.verdict, citation.claimed_section) == (
        "9.9:7",
        "not_found",
        "9.9",
    )


def test_every_unknown_id_is_rejected_once() -> None:
    assert rejected(f"{SUN} [9.9:7, 2.5:99]. {SUN} [9.9:7].") == ["9.9:7", "2.5:99"]


def test_an_unknown_id_beside_one_that_backs_does_no_harm() -> None:
    raw = f"{SUN} [9.9:7, 2.5:3]."
    assert (verdicts(raw), rejected(raw)) == (["supported"], ["9.9:7"])


def test_the_heading_that_a_section_has_lost_cannot_be_cited() -> None:
    assert rejected(f"{SUN} [2.1:0].") == ["2.1:0"]


def test_a_heading_that_survived_can_be_cited() -> None:
    raw = "Trata la cooperación en energías y recursos [2.5:0]."
    assert (rejected(raw), cited(raw)) == ([], [("2.5:0", "verified")])


def test_a_section_is_narrowed_to_the_sentence_that_backs() -> None:
    (sentence,) = check(f"{SUN} [2.5].").sentences
    assert (sentence.verdict, sentence.citations, sentence.aligned) == (
        "supported",
        ("2.5:3",),
        True,
    )


def test_a_section_without_such_a_sentence_backs_nothing() -> None:
    assert (verdicts(f"{SUN} [4.3]."), cited(f"{SUN} [4.3].")) == (["unsupported"], [])


def test_a_statement_without_ids_is_aligned() -> None:
    (sentence,) = check(f"{SUN}.").sentences
    assert (sentence.verdict, sentence.citations, sentence.aligned) == (
        "supported",
        ("2.5:3",),
        True,
    )


def test_an_aligned_statement_makes_the_reply_an_aligned_one() -> None:
    assert [check(raw).is_aligned for raw in (f"{SUN}.", f"{SUN} [2.5:3].")] == [True, False]


def test_a_statement_without_ids_that_nothing_backs_is_uncited() -> None:
    (sentence,) = check(f"{BREAD}.").sentences
    assert (sentence.verdict, sentence.citations, sentence.aligned) == ("uncited", (), False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        row(
            "en", "It will strengthen cooperation in clean energy such as solar and wind.", id="en"
        ),
        row("pt", "Fortalecerá a cooperação em energias limpas como a solar e a eólica.", id="pt"),
        row("zh", "文件支持加强水电、太阳能、风能和氢能等清洁能源合作。", id="zh"),
    ],
)
def test_statements_of_other_languages_are_aligned_too(language: Language, text: str) -> None:
    (sentence,) = check(text, language).sentences
    assert (sentence.verdict, sentence.citations) == ("supported", ("2.5:3",))


@pytest.mark.parametrize("marks", ["«»", "“”", '""', "「」"])
class TestQuotes:
    def test_that_stand_where_they_should_are_verified(self, marks: str) -> None:
        raw = f"Dice: {marks[0]}{QUOTE}{marks[1]} [2.5:3]"
        assert (verdicts(raw), cited(raw)) == (["supported"], [("2.5:3", "verified")])

    def test_that_stand_elsewhere_are_moved_there(self, marks: str) -> None:
        moved = check(f"Dice: {marks[0]}{QUOTE}{marks[1]} [4.3:1]").citations[0]
        assert (moved.verdict, moved.sentence, moved.claimed_section) == ("moved", "2.5:3", "4.3")

    def test_without_an_id_are_cited_where_they_stand(self, marks: str) -> None:
        raw = f"Dice: {marks[0]}{QUOTE}{marks[1]}"
        assert (verdicts(raw), cited(raw)) == (["supported"], [("2.5:3", "verified")])

    def test_with_something_left_out_are_stitched(self, marks: str) -> None:
        raw = f"Dice: {marks[0]}Fortalecer la cooperación en energías … hidrógeno{marks[1]} [2.5:3]"
        assert cited(raw.replace("… hidrógeno", "limpias … y la de hidrógeno"))[0] == (
            "2.5:3",
            "stitched",
        )

    def test_that_were_altered_are_rejected(self, marks: str) -> None:
        altered = QUOTE.replace("eólica", "ganadera")
        assert rejected(f"Dice: {marks[0]}{altered}{marks[1]} [2.5:3]") == [altered]


@pytest.mark.parametrize(
    ("quote", "is_quote"),
    [row("x" * (MIN_QUOTE - 1), False, id="short"), row("x" * MIN_QUOTE, True, id="long")],
)
def test_less_than_twelve_characters_in_marks_is_no_quote(quote: str, is_quote: bool) -> None:
    assert (rejected(f"Dice «{quote}» [2.5:3]") == [quote]) == is_quote


def test_a_short_word_in_marks_leaves_a_statement_supported() -> None:
    assert verdicts(f"{SUN.replace('solar', '«solar»')} [2.5:3].") == ["supported"]


def test_a_translated_name_in_marks_is_no_quote() -> None:
    raw = "It promotes “small and beautiful” projects for livelihoods [5.2:1]."
    assert check(raw, "en").rejected == ()


def test_a_long_invented_quote_is_rejected_in_any_language() -> None:
    quote = "China will pay for every bridge in the region"
    assert [c.quote for c in check(f"It says “{quote}” [2.5:3].", "en").rejected] == [quote]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        row(f"## Energías limpias\n{SUN} [2.5:3].", ["frame", "supported"], id="words"),
        row(f"El documento dice:\n- {SUN} [2.5:3].", ["frame", "supported"], id="lead"),
        row(f"## Huawei en 2031\n{SUN} [2.5:3].", ["uncited", "supported"], id="claims"),
        row(f"**{BREAD} [2.5:3]**", ["unsupported"], id="with an id"),
    ],
)
def test_a_heading_frames_unless_it_claims_something(raw: str, expected: list[str]) -> None:
    assert verdicts(raw) == expected


def test_headings_are_not_counted() -> None:
    found = check(f"## Energías limpias\n{SUN} [2.5:3].")
    assert (found.supported, len(found.statements)) == (1, 1)


@pytest.mark.parametrize(
    ("raw", "is_mostly"),
    [
        row(f"{SUN} [2.5:3]. {BREAD} [2.5:3].", True, id="half"),
        row(f"{SUN} [2.5:3]. {BREAD} [2.5:3]. {BREAD}.", False, id="a third"),
        row(f"{BREAD} [2.5:3].", False, id="none"),
        row("## Energías limpias", False, id="nothing claimed"),
    ],
)
def test_half_of_the_statements_must_be_backed(raw: str, is_mostly: bool) -> None:
    assert check(raw).is_mostly_supported == is_mostly


def test_a_place_is_cited_once_in_reading_order() -> None:
    raw = f"{SUN} [2.5:3]. Apoya la energía nuclear con fines pacíficos [2.5:4]. {SUN} [2.5:3]."
    assert [id_ for id_, _ in cited(raw)] == ["2.5:3", "2.5:4"]


IDS = st.sampled_from(["2.5:3", "9.9:7", "2.5", "II", "2.1:0", "4.3:0", "2.5:99", "9.9"])


@given(
    st.lists(st.tuples(st.sampled_from([SUN, BREAD, f"Dice «{QUOTE}»"]), st.lists(IDS)), max_size=4)
)
def test_whatever_is_claimed_only_the_source_is_cited(
    claims: list[tuple[str, list[str]]],
) -> None:
    raw = " ".join(f"{text} {''.join(f'[{id_}]' for id_ in ids)}." for text, ids in claims)
    found = check(raw).citations
    assert [c for c in found if document().source[c.start : c.end] != c.quote or not c.quote] == []


@given(st.lists(st.tuples(st.sampled_from([SUN, BREAD]), st.lists(IDS, unique=True)), max_size=4))
def test_no_id_disappears_in_silence(claims: list[tuple[str, list[str]]]) -> None:
    raw = " ".join(f"{text} {''.join(f'[{id_}]' for id_ in ids)}." for text, ids in claims)
    known = document().sentence_by_id.keys() | document().section_by_id.keys()
    claimed = {id_ for _, ids in claims for id_ in ids}
    assert {c.quote for c in check(raw).rejected} == claimed - known


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_reply_gets_a_verdict_on_every_statement(raw: str, language: Language) -> None:
    reply = protocol.read(raw)
    assert len(checker().check(reply, language).sentences) == len(reply.statements)
