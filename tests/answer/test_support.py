import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.support import COEFFICIENTS, KINDS, MODALITY, Support, SupportJudge
from rag.domain import LANGUAGES, Language, Problem, Sentence
from tests.answer.writers import judge
from tests.product import assistant, document

row = pytest.param

SUN: Mapping[Language, str] = {
    "es": "China y ALC fortalecerán la cooperación en energías limpias como la solar y la eólica.",
    "en": "It will strengthen cooperation in clean energy such as hydropower, solar and wind.",
    "pt": "Fortalecerá a cooperação em energias limpas como a hidrelétrica, a solar e a eólica.",
    "zh": "文件支持加强水电、太阳能、风能和氢能等清洁能源合作。",
}


def weigh(text: str, language: Language, *ids: str) -> Support:
    return judge().judge(text, language, [document().sentence_by_id[id_] for id_ in ids])


def test_there_is_a_text_of_every_language() -> None:
    assert tuple(SUN) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paraphrase_is_backed_by_its_sentence(language: Language) -> None:
    assert weigh(SUN[language], language, "2.5:3").problems == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paraphrase_is_not_backed_by_another_sentence(language: Language) -> None:
    assert "wording" in weigh(SUN[language], language, "4.3:1").problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nothing_cited_nothing_is_backed(language: Language) -> None:
    assert not weigh(SUN[language], language).holds


@pytest.mark.parametrize(
    ("language", "changed", "problem"),
    [
        row("es", SUN["es"].replace("como", "en 30 países como"), "number", id="number-es"),
        row(
            "en",
            SUN["en"].replace("such as", "in thirty countries such as"),
            "number",
            id="number-en",
        ),
        row("pt", SUN["pt"].replace("como", "em 30 países como"), "number", id="number-pt"),
        row("zh", SUN["zh"].replace("加强", "在三十个国家加强"), "number", id="number-zh"),
        row("es", SUN["es"].replace("ALC", "Bolivia"), "name", id="name-es"),
        row(
            "en", SUN["en"].replace("cooperation", "cooperation with Bolivia"), "name", id="name-en"
        ),
        row(
            "pt", SUN["pt"].replace("cooperação", "cooperação com a Bolívia"), "name", id="name-pt"
        ),
        row("zh", SUN["zh"].replace("加强", "加强玻利维亚"), "name", id="name-zh"),
        row("es", SUN["es"].replace("fortalecerán", "no fortalecerán"), "negation", id="denied-es"),
        row("en", SUN["en"].replace("will", "will not"), "negation", id="denied-en"),
        row("pt", SUN["pt"].replace("Fortalecerá", "Não fortalecerá"), "negation", id="denied-pt"),
        row("zh", SUN["zh"].replace("支持", "不支持"), "negation", id="denied-zh"),
        row("es", SUN["es"].replace("fortalecerán", "garantizan"), "modality", id="force-es"),
        row("en", SUN["en"].replace("will", "must"), "modality", id="force-en"),
        row(
            "pt",
            SUN["pt"].replace("Fortalecerá", "É obrigatório fortalecer"),
            "modality",
            id="force-pt",
        ),
        row("zh", SUN["zh"].replace("支持", "要求必须"), "modality", id="force-zh"),
    ],
)
def test_what_the_sentence_does_not_have_is_named(
    language: Language, changed: str, problem: Problem
) -> None:
    assert problem in weigh(changed, language, "2.5:3").problems


@pytest.mark.parametrize("sentence", document().sentences, ids=lambda sentence: sentence.id)
def test_every_sentence_backs_itself(sentence: Sentence) -> None:
    assert weigh(sentence.text, "es", sentence.id).problems == ()


@pytest.mark.parametrize(("thing", "stands"), [("Gas Natural", True), ("Gas Lejano", False)])
def test_a_thing_stands_where_the_index_points_at_the_sentence_for_each_of_its_words(
    thing: str, stands: bool
) -> None:
    assert ("name" not in weigh(f"Fomenta el {thing}.", "es", "2.14:2").problems) == stands


def test_a_heading_bears_its_numbers() -> None:
    text = "El programa 2, sección 5, trata la cooperación en energías y recursos."
    assert "number" not in weigh(text, "es", "2.5:3").problems


def test_two_sentences_back_what_neither_backs_alone() -> None:
    text = "Apoya la energía hidráulica, la solar y la eólica, y el BeiDou de navegación satelital."
    alone = [weigh(text, "es", id_).holds for id_ in ("2.5:3", "2.10:2")]
    assert (alone, weigh(text, "es", "2.5:3", "2.10:2").holds) == ([False, False], True)


def test_the_score_is_the_weighed_sum_of_the_features() -> None:
    found = weigh(SUN["es"], "es", "2.5:3")
    weights = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    total = sum(weights[name]["es"] * value for name, value in found.features.items())
    assert found.score == pytest.approx(weights["intercept"]["es"] + total)


def test_the_coefficients_are_of_the_features_and_of_nothing_else() -> None:
    weights = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    features = weigh(SUN["es"], "es", "2.5:3").features
    assert weights.keys() - {"intercept", "threshold"} == features.keys()


@pytest.mark.parametrize("threshold", [-1.0, 1.0], ids=["below", "above"])
def test_given_coefficients_count_instead_of_the_stored_ones(threshold: float) -> None:
    names = judge().features(SUN["es"], "es", ())
    weights = {
        **{name: dict.fromkeys(LANGUAGES, 0.0) for name in ("intercept", *names)},
        "threshold": dict.fromkeys(LANGUAGES, threshold),
    }
    other: SupportJudge = assistant().support(weights)
    cited = [document().sentence_by_id["2.5:3"]]
    assert other.judge(SUN["es"], "es", cited).holds == (threshold < 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_nearest_sentence_of_a_paraphrase_is_its_own(language: Language) -> None:
    assert judge().nearest(SUN[language])[0] == "2.5:3"


@pytest.mark.parametrize(
    ("heading", "is_known"),
    [
        row("Cooperación en energías limpias", True, id="words"),
        row("Sistema BeiDou", True, id="known name"),
        row("Huawei y el futuro", False, id="unknown name"),
        row("Metas para 2031", False, id="unknown number"),
    ],
)
def test_a_heading_is_of_the_document_with_its_numbers_and_names(
    heading: str, is_known: bool
) -> None:
    assert judge().is_of_document(heading, "es") == is_known


def test_every_kind_of_marker_is_told_in_every_language() -> None:
    tables = tomllib.loads(MODALITY.read_text(encoding="utf-8"))
    assert {kind: tuple(tables[kind]) for kind in KINDS} == dict.fromkeys(KINDS, LANGUAGES)


@given(st.text(), st.sampled_from(LANGUAGES), st.sampled_from(document().sentences))
def test_any_text_is_weighed(text: str, language: Language, sentence: Sentence) -> None:
    found = judge().judge(text, language, [sentence])
    assert found.holds == (found.problems == ())


def test_a_denial_that_is_dropped_is_marked() -> None:
    affirmed = "Las relaciones China-ALC apuntan contra una tercera parte y la excluyen."
    assert "negation" in weigh(affirmed, "es", "1.9:1").problems


def test_a_denial_that_is_rendered_is_not_marked() -> None:
    rendered = "China-LAC relations are not aimed against any third party, nor do they exclude it."
    assert "negation" not in weigh(rendered, "en", "1.9:1").problems
