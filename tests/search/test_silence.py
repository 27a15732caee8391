import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.questions import REASONS
from rag.domain import Language, Question, Reason, Sentence
from rag.search.annotation import KNOWN, Annotator
from rag.search.answerability import BY_FORM, BY_WORDS
from rag.search.naming import Name
from rag.search.retrieval import Retrieval
from rag.search.retriever import Retriever
from rag.search.silence import COEFFICIENTS, SilenceDecision, SilenceJudge
from tests.product import assistant, document
from tests.search.deciding import always

row = pytest.param
NOTHING = Retrieval((), (), {}, ())
NAMES = [
    Name("Ruritania", "es", "COUNTRY", 1, ("1.9",)),
    Name("Ruritanien", "en", "COUNTRY", 1),
    Name("Andina", "es", "COMPANY", 2),
    Name("pesca", "es", KNOWN, 3, ("2.8",)),
    Name("castillos", "es", "TOPIC", 4, ("3.2", "1.9")),
    Name("fortalezas", "es", "TOPIC", 4),
    Name("castles", "en", "TOPIC", 4),
]
ANNOTATOR = Annotator.of(NAMES, units=[], common=["existe"])


class Remembering(Retriever):
    """A retriever over a document of one sentence."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def holds(self, text: str) -> bool:
        return text == self._sentence


SENTENCE = "Los puertos fluviales reciben cargamentos de trigo y madera"


def judged(
    question: str, language: Language = "es", reason: Reason = "absent_topic"
) -> SilenceDecision:
    """The decision by rules alone, where what was learned says always the same."""
    model = always(reason, (BY_WORDS, BY_FORM, *REASONS))
    judge = SilenceJudge(model, ANNOTATOR, Remembering(SENTENCE))
    return judge.judge(question, language, NOTHING)


def decision(question: str) -> SilenceDecision:
    """The decision of the product."""
    return assistant().judge(Question(question))


def decided(confidence: float, *, repeats: bool = False, misquotes: bool = False) -> bool:
    features: Mapping[str, float] = {}
    made = SilenceDecision(
        features,
        confidence,
        threshold=0.5,
        certain=0.1,
        reason="absent_topic",
        repeats=repeats,
        missing=(),
        near=(),
        is_small_talk=False,
        misquotes=misquotes,
    )
    return made.is_silent


@pytest.mark.parametrize(("confidence", "is_silent"), [(0.49, True), (0.5, False), (0.51, False)])
def test_below_the_threshold_the_document_is_silent(confidence: float, is_silent: bool) -> None:
    assert decided(confidence) is is_silent


@given(st.floats(0, 1))
def test_what_repeats_a_sentence_is_answered_at_any_confidence(confidence: float) -> None:
    assert not decided(confidence, repeats=True)


@pytest.mark.parametrize(
    "question",
    [
        "¿En qué país se va a instalar el Centro de Innovación para Alimentación Sostenible?",
        "¿Quién encabeza el Centro de Innovación para Alimentación Sostenible?",
        "¿Cada cuánto se reúne la comisión mixta de alto nivel?",
    ],
)
def test_words_of_a_sentence_do_not_answer_what_it_lacks(question: str) -> None:
    assert decision(question).is_silent


@given(st.floats(0, 1), st.booleans())
def test_what_misquotes_is_refused_at_any_confidence(confidence: float, repeats: bool) -> None:
    assert decided(confidence, repeats=repeats, misquotes=True)


@pytest.mark.parametrize("sentence", document().sentences, ids=lambda sentence: sentence.id)
def test_a_repeated_sentence_is_never_refused(sentence: Sentence) -> None:
    assert not decision(sentence.text).is_silent


@pytest.mark.parametrize("sentence", document().sentences, ids=lambda sentence: sentence.id)
def test_a_true_quotation_is_no_misquotation(sentence: Sentence) -> None:
    assert not decision(f"¿Dice el documento «{sentence.text}»?").misquotes


@pytest.mark.parametrize(
    ("question", "misquotes"),
    [
        row(f"¿Dice «{SENTENCE}»?", False, id="true"),
        row("¿Dice «Los puertos fluviales rechazan cargamentos de trigo»?", True, id="false"),
        row("¿Dice «puertos de trigo»?", False, id="too short to tell"),
        row("¿Dice que los puertos fluviales rechazan cargamentos de trigo?", False, id="no marks"),
    ],
)
def test_a_long_quotation_must_stand_in_the_document(question: str, misquotes: bool) -> None:
    assert judged(question).misquotes is misquotes


def test_a_quotation_in_translation_is_not_held_against_the_asker() -> None:
    question = "Does it say “The river harbours refuse any cargo of wheat”?"
    assert not judged(question, "en").misquotes


def test_an_invented_quotation_is_a_misquotation() -> None:
    question = "¿Dice «China venderá todas sus empresas petroleras a bancos europeos»?"
    assert decision(question).misquotes


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_the_likeliest_that_was_learned(reason: Reason) -> None:
    assert judged("¿Existe la pesca?", reason=reason).reason == reason


@pytest.mark.parametrize("reason", REASONS)
def test_words_that_nobody_knows_are_an_absent_topic(reason: Reason) -> None:
    assert judged("zxqv wvkj", reason=reason).reason == "absent_topic"


@pytest.mark.parametrize(
    ("question", "language", "missing"),
    [
        row("¿Menciona a Ruritania?", "es", (("Ruritania",),), id="named"),
        row("Any castles?", "en", (("castles", "castillos", "fortalezas"),), id="and in Spanish"),
        row("¿Menciona a Andina, a Ruritania?", "es", (("Andina",), ("Ruritania",)), id="two"),
        row("¿Menciona a RURITANIA?", "es", (("RURITANIA",),), id="as it was typed"),
        row("¿Habla de pesca?", "es", (), id="in the document"),
        row("Soy de Ruritania. ¿Habla de pesca?", "es", (), id="who asks"),
    ],
)
def test_what_is_missing_are_the_things_asked_for_that_the_document_lacks(
    question: str, language: Language, missing: tuple[tuple[str, ...], ...]
) -> None:
    assert judged(question, language).missing == missing


@pytest.mark.parametrize(
    ("question", "name"),
    [
        row("¿Menciona el documento a Paraguay?", "Paraguay", id="country-es"),
        row("Does the document mention Netflix?", "Netflix", id="company-en"),
        row("O documento fala do Uruguai?", "Uruguai", id="country-pt"),
        row("文件提到丰田了吗？", "丰田", id="company-zh"),
    ],
)
def test_an_absent_name_is_missing(question: str, name: str) -> None:
    assert [names[0] for names in decision(question).missing] == [name]


@pytest.mark.parametrize(
    "name", ["CELAC", "BeiDou", "BRICS", "Institutos Confucio", "Taller Luban", "Taiwan"]
)
def test_a_name_of_the_document_is_not_missing(name: str) -> None:
    assert decision(f"¿Qué dice el documento de {name}?").missing == ()


@pytest.mark.parametrize(
    "question",
    [
        row("¿Qué dice sobre Toyota?", id="company-es"),
        row("Does it mention Netflix?", id="company-en"),
        row("O documento cita a Petrobras?", id="company-pt"),
        row("文件提到丰田了吗？", id="company-zh"),
        row("¿Cuál es la receta del guacamole?", id="recipe-es"),
        row("Who wrote Don Quixote?", id="novel-en"),
        row("Como faço um bolo de chocolate?", id="recipe-pt"),
        row("谁写了红楼梦？", id="novel-zh"),
        row("¿Qué dice la Biblia sobre el perdón?", id="scripture-es"),
        row("What does the Treaty of Versailles say about reparations?", id="treaty-en"),
        row("O que diz o Tratado de Tordesilhas?", id="treaty-pt"),
        row("宪法怎么规定教育？", id="constitution-zh"),
        row("¿Qué dice sobre el aborto?", id="topic-es"),
        row("How many scholarships will Peru receive in 2027?", id="detail-en"),
    ],
)
def test_the_document_is_silent_on_what_it_does_not_treat(question: str) -> None:
    assert decision(question).is_silent


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        row("Buenos días, ¿quién eres?", "greeting", id="greeting-es"),
        row("Hi, how are you today?", "greeting", id="greeting-en"),
        row("Bom dia, quem é você?", "greeting", id="greeting-pt"),
        row("您好，你是谁？", "greeting", id="greeting-zh"),
        row("¿Qué dice la Biblia sobre el perdón?", "other_document", id="other document-es"),
        row("What does the Treaty of Versailles say?", "other_document", id="other document-en"),
        row("O que diz o Tratado de Tordesilhas?", "other_document", id="other document-pt"),
        row("宪法怎么规定教育？", "other_document", id="other document-zh"),
        row("¿Cuál es la receta del guacamole?", "out_of_domain", id="out of domain-es"),
        row("How do I fix a flat tyre?", "out_of_domain", id="out of domain-en"),
        row("Como faço um bolo de chocolate?", "out_of_domain", id="out of domain-pt"),
    ],
)
def test_why_the_document_is_silent_shows(question: str, reason: Reason) -> None:
    assert (decision(question).is_silent, decision(question).reason) == (True, reason)


@pytest.mark.parametrize(
    "question",
    [
        row("¿Qué propone sobre la pesca ilegal?", id="fishing-es"),
        row("What does it say about nuclear energy?", id="nuclear-en"),
        row("O que diz sobre turismo?", id="tourism-pt"),
        row("文件怎么谈网络安全？", id="cyber-zh"),
    ],
)
def test_the_document_is_not_silent_on_what_it_treats(question: str) -> None:
    assert not decision(question).is_silent


def test_the_confidence_is_a_probability_for_each_sentence() -> None:
    confidences = [decision(sentence.text).confidence for sentence in document().sentences]
    assert all(0 <= confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Buenas tardes", id="es"),
        pytest.param("Good morning", id="en"),
        pytest.param("Boa noite", id="pt"),
        pytest.param("你好", id="zh"),
    ],
)
def test_a_greeting_is_small_talk(text: str) -> None:
    assert assistant().judge(Question(text)).is_small_talk


def test_a_search_of_one_word_of_the_document_is_no_small_talk() -> None:
    assert not assistant().judge(Question("turismo")).is_small_talk


@pytest.mark.parametrize(
    ("question", "near"),
    [
        row("Vivo en Ruritania. ¿Habla de castillos?", ("3.2", "1.9"), id="asked for first"),
        row("¿Menciona a Ruritania y los castillos?", ("1.9", "3.2"), id="in order"),
        row("¿Qué dice de la pesca?", (), id="what the document names"),
    ],
)
def test_sections_close_to_what_is_missing_come_in_the_order_of_the_question(
    question: str, near: tuple[str, ...]
) -> None:
    assert judged(question).near == near


@pytest.mark.parametrize(
    "question",
    [
        row("¿Por qué rechaza la energía solar?", id="es"),
        row("Why does China oppose solar power?", id="en"),
        row("Por que a China proíbe a energia solar?", id="pt"),
        row("中国为什么反对太阳能?", id="zh"),
    ],
)
def test_a_premise_that_turns_what_the_document_wants_around_is_refused(question: str) -> None:
    assert (decision(question).is_silent, decision(question).reason) == (True, "false_premise")


@pytest.mark.parametrize(
    "question",
    [
        row("¿Por qué rechaza el hegemonismo?", id="es"),
        row("Why does it oppose decoupling?", id="en"),
        row("Por que se opõe à ciber-hegemonia?", id="pt"),
        row("为什么反对霸权主义?", id="zh"),
    ],
)
def test_a_premise_that_is_true_is_answered(question: str) -> None:
    assert not decision(question).is_silent


@pytest.mark.parametrize(
    "question",
    [
        "¿En qué año publicó el Gobierno chino el segundo Documento sobre la Política de China "
        "hacia América Latina y el Caribe?",
        "¿Quién da becas gubernamentales y oportunidades de formación en China?",
    ],
)
def test_a_detail_that_the_sentence_has_is_answered(question: str) -> None:
    assert not decision(question).is_silent


def test_every_feature_has_its_weight() -> None:
    weights = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    features = set(decision("¿Qué dice de la pesca?").features)
    limits = {"threshold", "certain", "threshold_leaning", "certain_leaning"}
    assert set(weights) == features | limits | {"intercept"}


def test_a_question_that_leans_on_the_one_before_has_a_threshold_of_its_own() -> None:
    weights = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    earlier = [Question("¿El sistema BeiDou se menciona?")]
    leaning = assistant().judge(Question("¿Y desde qué año?"), earlier)
    assert leaning.features["leans"]
    assert (leaning.threshold, leaning.certain) == (
        weights["threshold_leaning"],
        weights["certain_leaning"],
    )
