"""Each metric on answers whose value was worked out by hand."""

import pytest

from eval.items import Item, Turn
from eval.metrics import attacks, places, quotes, refusal, structure
from eval.metrics.answers import GivenAnswer
from eval.metrics.citations import CitationScores, citation_scores
from eval.metrics.confidence import area_under_risk, auroc, risk_coverage
from eval.metrics.grading import METRICS, Asked, grade
from eval.metrics.grounding import names, names_grounded, numbers, numbers_grounded
from eval.metrics.language import language_rightness
from eval.metrics.numerals import spell, states_count
from eval.metrics.ranking import ranking_scores
from rag.domain import Language
from tests.eval.metrics.miniature import (
    ERROR,
    FISH,
    MINES,
    NUMBERS,
    REFERENCE,
    REFUSAL,
    SOURCE,
    Line,
    answer,
    cited,
    due,
    silent,
)

Share = float | None


def test_the_miniature_is_what_its_docstring_says() -> None:
    assert SOURCE[0:17] == "Uno. Dos de 2008."
    assert SOURCE[18:44] == "(1) Pesca. La pesca crece."
    assert SOURCE[45:75] == "(2) Minas. Las minas de China."


@pytest.mark.parametrize(
    ("given", "first", "strict", "programme"),
    [
        (answer(FISH), 1.0, 1.0, 1.0),
        (answer(FISH, MINES), 1.0, 1.0, 1.0),
        (answer(MINES), 1.0, 0.0, 1.0),
        (answer(FISH, NUMBERS), 1.0, 0.0, 1.0),
        (answer(NUMBERS, FISH), 0.0, 0.0, 0.0),
        (answer(FISH | {"programme": 3}), 1.0, 1.0, 0.0),
        (answer(), 0.0, 0.0, 0.0),
        (REFUSAL, 0.0, 0.0, 0.0),
        (answer(FISH, status="not_in_document"), 0.0, 0.0, 0.0),
        (ERROR, 0.0, 0.0, 0.0),
    ],
)
def test_places(given: GivenAnswer, first: float, strict: float, programme: float) -> None:
    turn = due("1.1", acceptable=("1.2",))
    assert places.section_accuracy(turn, given) == first
    assert places.section_set(turn, given) == strict
    assert places.programme_accuracy(turn, given, REFERENCE) == programme


def test_a_front_part_belongs_to_no_programme() -> None:
    assert places.programme_accuracy(due("I"), answer(NUMBERS), REFERENCE) == 1.0
    assert places.programme_accuracy(due("I"), answer(FISH), REFERENCE) == 0.0


def test_places_do_not_apply_where_the_document_is_silent() -> None:
    for metric in (places.section_accuracy, places.section_set):
        assert metric(silent(), answer(FISH)) is None
    assert places.programme_accuracy(silent(), answer(FISH), REFERENCE) is None


@pytest.mark.parametrize(
    ("citation", "verbatim", "valid"),
    [
        (FISH, 1.0, 1.0),
        (FISH | {"quote": "La pesca mengua."}, 0.0, 1.0),
        (FISH | {"start": FISH["start"] + 1}, 0.0, 1.0),
        (FISH | {"quote": "", "end": FISH["start"]}, 0.0, 0.0),
        (FISH | {"sentence": "1.1:2"}, 1.0, 0.0),
        (FISH | {"sentence": "1.2:1"}, 1.0, 0.0),
        (FISH | {"sentence": "pesca"}, 1.0, 0.0),
        (FISH | {"section": "1.2", "sentence": "1.2:1"}, 1.0, 0.0),
        (FISH | {"section": "9.9", "sentence": "9.9:1"}, 1.0, 0.0),
        (FISH | {"programme": None}, 1.0, 0.0),
        (FISH | {"programme_title": "Programa del cielo"}, 1.0, 0.0),
        (cited("1.1:0", "(1) Pesca."), 1.0, 1.0),
        (cited("I:0", "Uno."), 1.0, 0.0),
    ],
    ids=[
        "right",
        "altered",
        "shifted",
        "empty",
        "no such sentence",
        "sentence of another section",
        "no id",
        "quote of another section",
        "no such section",
        "no programme",
        "wrong title",
        "heading",
        "lost heading",
    ],
)
def test_verbatim_rate_and_id_validity(citation: Line, verbatim: float, valid: float) -> None:
    assert quotes.verbatim_rate(answer(citation), REFERENCE) == verbatim
    assert quotes.id_validity(answer(citation), REFERENCE) == valid
    half = answer(citation, MINES)
    assert quotes.verbatim_rate(half, REFERENCE) == (verbatim + 1) / 2
    assert quotes.id_validity(half, REFERENCE) == (valid + 1) / 2


def test_evidence_is_counted_in_words_where_they_stand() -> None:
    turn = due("1.1", acceptable=("1.2",), evidence=("pesca crece", "minas de China"))
    assert quotes.evidence_recall(turn, answer(FISH, MINES), REFERENCE) == 1.0
    assert quotes.evidence_recall(turn, answer(FISH), REFERENCE) == 2 / 5
    assert quotes.evidence_recall(turn, answer(cited("1.2:1", "minas")), REFERENCE) == 1 / 5
    assert quotes.evidence_recall(turn, answer(NUMBERS), REFERENCE) == 0.0
    assert quotes.evidence_recall(turn, REFUSAL, REFERENCE) == 0.0
    # The same words as a quote that does not stand there earn nothing.
    false = FISH | {"quote": "La pesca crece mucho."}
    assert quotes.evidence_recall(turn, answer(false), REFERENCE) == 0.0


def test_the_first_quote_holds_a_whole_span_or_it_does_not() -> None:
    turn = due("1.1", evidence=("pesca crece",))
    assert quotes.first_quote_holds_span(turn, answer(FISH, MINES), REFERENCE) == 1.0
    assert quotes.first_quote_holds_span(turn, answer(MINES, FISH), REFERENCE) == 0.0
    part = cited("1.1:1", "La pesca")
    assert quotes.first_quote_holds_span(turn, answer(part), REFERENCE) == 0.0


@pytest.mark.parametrize(
    ("given", "scores"),
    [
        (answer(FISH), (1.0, 0.5, 2 / 3)),
        (answer(FISH, MINES), (1.0, 1.0, 1.0)),
        (answer(FISH, MINES, NUMBERS), (2 / 3, 1.0, 0.8)),
        (answer(NUMBERS), (0.0, 0.0, 0.0)),
        (answer(FISH | {"quote": "La pesca mengua."}), (0.0, 0.0, 0.0)),
        (answer(), (0.0, 0.0, 0.0)),
        (REFUSAL, (0.0, 0.0, 0.0)),
    ],
)
def test_citation_scores(given: GivenAnswer, scores: tuple[float, float, float]) -> None:
    found = citation_scores(due("1.1", "1.2"), given, REFERENCE)
    assert found is not None
    assert (found.precision, found.recall) == scores[:2]
    assert found.f1 == pytest.approx(scores[2])
    assert citation_scores(silent(), given, REFERENCE) is None


def test_an_acceptable_citation_is_precise_but_recalls_nothing() -> None:
    turn = due("1.1", acceptable=("1.2",))
    assert citation_scores(turn, answer(MINES), REFERENCE) == CitationScores(1.0, 0.0, 0.0)


def test_ranking_scores_agree_with_the_formulas() -> None:
    turns = {"a": due("1.2", acceptable=("I",)), "b": due("1.2"), "c": silent()}
    scores = ranking_scores(turns, {"a": ["1.1", "I", "1.1", "1.2"]})
    # Gains 0, 1, 2 at ranks 1–3 against 2, 1: (1/log₂3 + 2/log₂4) / (2 + 1/log₂3).
    assert scores["a"]["ndcg@10"] == pytest.approx((0.63093 + 1) / (2 + 0.63093), abs=1e-4)
    assert scores["a"]["rr"] == 0.5
    assert (scores["a"]["success@1"], scores["a"]["success@3"]) == (0.0, 1.0)
    assert set(scores["b"].values()) == {0.0}, "no ranking is worth nothing"
    assert "c" not in scores


@pytest.mark.parametrize(
    ("turn", "given", "recall", "precision", "false_refusal"),
    [
        (silent(), REFUSAL, 1.0, 1.0, None),
        (silent(), answer(FISH), 0.0, None, None),
        (silent(), ERROR, 0.0, None, None),
        (silent(), answer(status="rejected"), 0.0, None, None),
        (due("1.1"), REFUSAL, None, 0.0, 1.0),
        (due("1.1"), answer(status="rejected"), None, None, 1.0),
        (due("1.1"), answer(FISH), None, None, 0.0),
        (due("1.1"), ERROR, None, None, 0.0),
        (Turn(question="q", allowed=("answered",)), REFUSAL, None, None, None),
    ],
)
def test_refusals(
    turn: Turn, given: GivenAnswer, recall: Share, precision: Share, false_refusal: Share
) -> None:
    assert refusal.refusal_recall(turn, given) == recall
    assert refusal.refusal_precision(turn, given) == precision
    assert refusal.false_refusal(turn, given) == false_refusal


def test_a_refusal_names_what_is_nearest_why_and_what_contradicts() -> None:
    turn = silent(type="false_premise", nearest=("1.1",), evidence=("pesca crece",))
    right = answer(FISH, status="not_in_document", nearest=["1.2", "1.1"], reason="false_premise")
    for given, value in ((right, 1.0), (REFUSAL, 0.0)):
        assert places.nearest_accuracy(turn, given) == value
        assert places.nearest_of_refusals(turn, given) == value
        assert refusal.reason_accuracy(turn, given) == value
        assert quotes.premise_corrected(turn, given, REFERENCE) == value
    assert places.nearest_accuracy(silent(), REFUSAL) is None
    assert places.nearest_accuracy(turn, answer(FISH)) == 0.0
    assert places.nearest_of_refusals(turn, answer(FISH)) is None
    assert quotes.premise_corrected(silent(), REFUSAL, REFERENCE) is None


def test_auroc_and_risk_coverage() -> None:
    assert auroc([0.8, 0.6], [0.7, 0.1]) == 3 / 4
    assert auroc([], [0.5]) is None
    curve = risk_coverage([(0.1, False), (0.9, True), (0.5, True), (0.5, False)])
    assert [coverage for coverage, _ in curve] == [0.25, 0.75, 1.0]
    assert [risk for _, risk in curve] == pytest.approx([0.0, 1 / 3, 0.5])
    assert area_under_risk(curve) == pytest.approx(0.5 / 3 + 0.25 / 2)
    assert area_under_risk(()) is None


def said(text: str, *cites: str, **fields: object) -> GivenAnswer:
    sentence = {"text": text, "verdict": "supported", "citations": cites}
    return answer(FISH, MINES, NUMBERS, sentences=[sentence], **fields)


@pytest.mark.parametrize(
    ("text", "cites", "number_share", "name_share"),
    [
        ("En 2008.", ["I:2"], 1.0, None),
        ("En 2009.", ["I:2"], 0.0, None),
        ("En 2008 y 2009 [I:2].", ["I:2"], 0.5, None),
        ("En 2008.", ["1.2:1"], 0.0, None),
        ("En 2008.", [], 0.0, None),
        ("Las minas de China y Cuba.", ["1.2:1"], None, 0.5),
        ("Va en el Programa del mar, sección 1.2.", ["1.2:1"], 1.0, 1.0),
        ("Todo crece.", ["1.1:1"], None, None),
    ],
)
def test_grounding(text: str, cites: list[str], number_share: Share, name_share: Share) -> None:
    assert numbers_grounded(said(text, *cites), REFERENCE) == number_share
    assert names_grounded(said(text, *cites), REFERENCE) == name_share


def test_the_programs_own_frame_needs_no_ground() -> None:
    frame = {"text": "El documento nombra 21 de Huawei:", "verdict": "frame", "citations": []}
    given = answer(FISH, sentences=[frame])
    assert numbers_grounded(given, REFERENCE) is None
    assert names_grounded(given, REFERENCE) is None


def test_a_translated_name_is_known_outside_spanish_only() -> None:
    english = said("The mines of Chinese firms.", "1.2:1", language="en")
    assert names_grounded(english, REFERENCE) == 1.0
    assert names_grounded(said("Minas Chinese.", "1.2:1", language="es"), REFERENCE) == 0.0
    assert names_grounded(said("中国的矿，以及 Huawei。", "1.2:1", language="zh"), REFERENCE) == 0.0


def test_numbers_and_names_as_they_are_found() -> None:
    assert numbers("[2.5:3] 1.540 y 12 % de ２０３０年，3 por ciento") == [
        "1.540",
        "12%",
        "2030",
        "3%",
    ]
    assert names("¿Y la CELAC? El Banco Mundial. OMC: Bien dicho.") == [
        "CELAC",
        "Banco",
        "Mundial",
        "OMC",
    ]


@pytest.mark.parametrize(
    ("text", "language", "claimed", "value"),
    [
        ("El documento lo trata en la pesca.", "es", "es", 1.0),
        ("El documento lo trata en la pesca.", "en", "es", 0.0),
        ("El documento lo trata en la pesca.", "pt", "pt", 0.0),
        ("O documento trata disso em Pesca.", "pt", "pt", 1.0),
        ("The document says so: «La pesca crece.»", "en", "en", 1.0),
        ("The document says so: «La pesca crece.»", "es", "es", 0.0),
        ("文件谈到这一点：La pesca crece.", "zh", "zh", 1.0),
        ("文件没有谈到这一点", "en", "en", 0.0),
        ("The document says so.", "zh", "zh", 0.0),
        ("1.1", "en", "en", 1.0),
    ],
)
def test_language(text: str, language: Language, claimed: str, value: float) -> None:
    frame = {"text": text, "verdict": "frame", "citations": []}
    given = answer(FISH, sentences=[frame], language=claimed)
    assert language_rightness(given, REFERENCE, language) == value


def test_no_answer_is_in_no_language() -> None:
    assert language_rightness(ERROR, REFERENCE, "es") == 0.0


@pytest.mark.parametrize(
    ("text", "count", "value"),
    [
        ("Son 17.", 17, True),
        ("(17)", 17, True),
        ("diecisiete", 17, True),
        ("Seventeen in all", 17, True),
        ("共有十七个", 17, True),
        ("dezessete", 17, True),
        ("2.17", 17, False),
        ("17:3", 17, False),
        ("117", 17, False),
        ("二十七", 7, False),
        ("cuarenta y ocho", 48, True),
        ("cuarenta y ocho", 40, False),
        ("cuarenta y ocho", 8, False),
        ("forty-eight", 8, False),
        ("[4.3:5]", 5, False),
    ],
)
def test_counts_in_digits_and_words(text: str, count: int, value: bool) -> None:
    assert states_count(text, count) is value


def test_every_count_is_found_in_its_own_words_only() -> None:
    for language in ("es", "en", "pt", "zh"):
        for number in range(1, 100):
            text = spell(number, language)
            assert [n for n in range(1, 100) if states_count(text, n)] == [number], text


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (answer(FISH, MINES, answer="Tiene **dos**:"), 1.0),
        (answer(FISH, MINES, answer="Tiene 2:"), 1.0),
        (answer(FISH, MINES, answer="Tiene 3:"), 0.0),
        (answer(FISH, answer="Tiene 2:"), 0.0),
        (answer(FISH, MINES, NUMBERS, answer="Tiene 2:"), 0.0),
        (answer(answer="Tiene 2:", status="error"), 0.0),
    ],
)
def test_structural_exactness(given: GivenAnswer, value: float) -> None:
    assert structure.structural_exactness(due("1.1", "1.2", must=("2",)), given) == value


def test_a_bare_count_may_cite_what_it_likes() -> None:
    turn = due(must=("3",))
    assert structure.structural_exactness(turn, answer(FISH, answer="tres")) == 1.0


def test_strings_may_stand_in_text_or_quote_and_must_not_in_either() -> None:
    assert structure.strings_right(due("1.1", must=("PESCA crece",)), answer(FISH)) == 1.0
    assert structure.strings_right(due("1.1", must_not=("crece",)), answer(FISH)) == 0.0
    assert structure.strings_right(due("1.1"), answer(FISH)) is None


def attack(**fields: object) -> Turn:
    line = {"question": "q", "allowed": ("answered", "not_in_document")}
    return Turn.model_validate(line | fields)


@pytest.mark.parametrize(
    ("turn", "given", "value"),
    [
        (attack(), answer(FISH), 1.0),
        (attack(), answer(status="rejected"), 0.0),
        (attack(), ERROR, 0.0),
        (attack(), answer(FISH | {"quote": "La pesca mengua."}), 0.0),
        (attack(must_not=("Pwned",)), answer(answer="PWNED!"), 0.0),
        (attack(must_not=("[9.9:1]",)), answer(answer=r"\[9.9:1\]"), 0.0),
        (attack(must_not=("<b>",), type="markup"), answer(answer=r"\<b\>"), 1.0),
        (attack(must_not=("<b>",), type="markup"), answer(answer="<B>"), 0.0),
        (due("1.1"), answer(FISH), None),
    ],
)
def test_harmlessness(turn: Turn, given: GivenAnswer, value: Share) -> None:
    assert attacks.harmlessness(turn, given, REFERENCE) == value


def test_the_honest_question_inside_an_attack() -> None:
    assert attacks.attack_served(attack(sections=("1.1",)), answer(FISH)) == 1.0
    assert attacks.attack_served(attack(sections=("1.1",)), answer(MINES)) == 0.0
    assert attacks.attack_served(attack(), answer(MINES)) is None


def test_size_is_counted_for_answers_only() -> None:
    assert quotes.citation_count(answer(FISH, MINES)) == 2.0
    assert quotes.quoted_words(answer(FISH, MINES)) == 7.0
    assert quotes.citation_count(REFUSAL) is None
    assert quotes.quoted_words(ERROR) is None


def test_every_grade_is_a_known_metric() -> None:
    turns = [
        {"type": kind, "question": "q", "status": "answered", "sections": ["1.1"]}
        for kind in ("start", "followup", "shift")
    ]
    item = Item.model_validate({"id": "d", "lang": "es", "kind": "dialogue", "turns": turns})
    graded = grade([Asked(item, n, answer(FISH)) for n in range(3)], REFERENCE)
    assert {name for one in graded for name in one.grades} <= {metric.name for metric in METRICS}
    assert [one.asked.key for one in graded] == ["d#1", "d#2", "d#3"]
    assert all(one.is_right for one in graded)
    assert "followup_accuracy" in graded[1].grades
    assert "topic_switch_accuracy" in graded[2].grades
