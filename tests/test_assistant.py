from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.answer.frames import frame, unescape
from rag.domain import LANGUAGES, Answer, Language, Provenance, Question, Reason, Sentence
from tests.product import assistant, document

row = pytest.param
NONE = Provenance("", "")


def ask(
    text: str, *earlier: str, language: Language | None = None, programme: int | None = None
) -> Answer:
    history = [Question(each) for each in earlier]
    return assistant().ask(Question(text, language, programme), history)


def cited(answer: Answer) -> list[str]:
    """Ids of the cited headings and sentences, in order."""
    return [citation.sentence for citation in answer.citations]


def sections(answer: Answer) -> list[str]:
    """The cited sections, each once."""
    return list(dict.fromkeys(document().sentence_by_id[id_].section for id_ in cited(answer)))


def headings(programme: int, first: int, last: int) -> list[str]:
    return [f"{programme}.{number}:0" for number in range(first, last + 1)]


PEACE_FORUMS = ["4.2:3", "4.2:4", "4.3:6", "4.5:3"]
FRONTS = ["prologo:1", "I:1", "II:1", "III:1"]
STRUCTURAL = [
    row("¿Qué subsecciones tiene el programa de los pueblos?", headings(5, 1, 6), id="outline"),
    row("What are the five programmes?", ["III:1"], id="outline-programmes"),
    row("¿Qué partes hay antes de los programas?", FRONTS, id="outline-parts"),
    row(
        "How many sections does the development programme have?",
        ["2.1:1", *headings(2, 2, 17)],
        id="count",
    ),
    row("¿Qué foros nombra el programa de la paz?", PEACE_FORUMS, id="names"),
    row("网络安全属于哪个工程？", ["4.5:0", "4.5:3"], id="programme_of"),
    row("Em que seção se fala de energia nuclear?", ["2.5:0", "2.5:4"], id="section_of"),
    row("Liste todos os trechos que mencionam BeiDou.", ["2.10:2", "2.10:3"], id="mentions"),
    row(
        "Compara el programa de la paz con el programa de los pueblos.",
        [*headings(4, 1, 6), *headings(5, 1, 6)],
        id="compare",
    ),
    row("Resume la subsección 3.4.", ["3.4:1", "3.4:2", "3.4:3", "3.4:4"], id="overview"),
    row("Resuma o programa da paz.", headings(4, 1, 6), id="overview-programme"),
]


@pytest.mark.parametrize(("question", "ids"), STRUCTURAL)
def test_a_question_about_the_structure_gets_exactly_what_it_asks_for(
    question: str, ids: list[str]
) -> None:
    answer = ask(question)
    assert (answer.status, cited(answer)) == ("answered", ids)


def test_a_question_about_the_structure_is_answered_without_an_estimate() -> None:
    assert ask("¿Qué subsecciones tiene el programa de los pueblos?").confidence is None


@pytest.mark.parametrize(
    "question",
    [
        row("Compara la pesca con el turismo.", id="es"),
        row("Compare fishing with tourism.", id="en"),
        row("Compare a pesca com o turismo.", id="pt"),
        row("比较渔业和旅游。", id="zh"),
    ],
)
def test_a_comparison_by_themes_cites_the_sections_that_treat_them(question: str) -> None:
    assert sections(ask(question)) == ["2.11", "5.5"]


@pytest.mark.parametrize(
    ("question", "id_"),
    [
        row("¿Qué propone contra la pesca ilegal?", "2.11:2", id="es"),
        row("What does it say about the peaceful use of nuclear energy?", "2.5:4", id="en"),
        row("O que diz sobre voos diretos e companhias aéreas?", "5.5:4", id="pt"),
        row("文件怎么谈北斗卫星导航系统？", "2.10:2", id="zh"),
    ],
)
def test_a_question_about_content_gets_the_sentence_that_answers(question: str, id_: str) -> None:
    assert id_ in cited(ask(question))


ABSENT = [
    row("¿Menciona el documento a Paraguay?", "Paraguay", id="es"),
    row("Does it mention Netflix?", "Netflix", id="en"),
    row("O documento fala do Uruguai?", "Uruguai", id="pt"),
    row("文件提到丰田了吗？", "丰田", id="zh"),
]


@pytest.mark.parametrize(("question", "name"), ABSENT)
def test_an_absent_name_is_not_in_the_document(question: str, name: str) -> None:
    assert ask(question).status == "not_in_document"


@pytest.mark.parametrize(("question", "name"), ABSENT)
def test_the_name_that_was_looked_for_in_vain_is_listed_and_shown(question: str, name: str) -> None:
    answer = ask(question)
    assert (name in answer.checked_terms, name in answer.text) == (True, True)


@pytest.mark.parametrize(("question", "name"), ABSENT)
def test_the_nearest_sections_are_listed_and_shown(question: str, name: str) -> None:
    answer = ask(question)
    titles = [document().section_by_id[id_].title for id_ in answer.nearest]
    assert 1 <= len(titles) <= 3 and all(title in unescape(answer.text) for title in titles)


@pytest.mark.parametrize(
    "question",
    [
        row("Compare this with the EU-CELAC summit declaration", id="en"),
        row("Compare este texto com a declaração da cúpula UE-CELAC", id="pt"),
        row("把这份文件和2016年的文件比较一下金融部分", id="zh"),
    ],
)
def test_the_parts_of_another_document_are_not_looked_for_in_ours(question: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_in_document", "other_document")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        row("Hi, how are you today?", "greeting", id="greeting"),
        row("Como faço um bolo de chocolate?", "out_of_domain", id="out of domain"),
    ],
)
def test_what_is_no_question_for_a_document_gets_no_citation(question: str, reason: Reason) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason, cited(answer)) == ("not_in_document", reason, [])


def test_a_greeting_has_no_nearest_section() -> None:
    assert ask("Buenos días, ¿quién eres?").nearest == ()


@pytest.mark.parametrize(
    ("question", "language"),
    [
        row("¿Qué dice la sección 7.3?", "es", id="section-es"),
        row("What does section 2.18 say?", "en", id="section-en"),
        row("O que diz o sétimo programa?", "pt", id="programme-pt"),
        row("第六个工程讲什么？", "zh", id="programme-zh"),
    ],
)
def test_a_section_or_programme_that_does_not_exist_is_refused(
    question: str, language: Language
) -> None:
    answer = ask(question)
    strange = frame(language, "strange")
    assert (answer.status, answer.text.splitlines()[0]) == ("not_in_document", strange)


def test_a_quotation_that_the_document_lacks_is_refused() -> None:
    answer = ask("¿Dice «China venderá todas sus empresas petroleras a bancos europeos»?")
    first = answer.text.splitlines()[0]
    assert (answer.status, first) == ("not_in_document", frame("es", "misquoted"))


@pytest.mark.parametrize("sentence", document().sentences, ids=lambda sentence: sentence.id)
def test_a_repeated_sentence_is_answered(sentence: Sentence) -> None:
    assert ask(sentence.text).status == "answered"


@pytest.mark.parametrize("programme", document().programme_by_number)
def test_a_filter_keeps_every_citation_inside_the_programme(programme: int) -> None:
    found = sections(ask("¿Qué dice sobre la cooperación y los intercambios?", programme=programme))
    assert {document().section_by_id[id_].programme for id_ in found} == {programme}


@pytest.mark.parametrize("programme", document().programme_by_number)
def test_a_filter_keeps_what_is_nearest_inside_the_programme(programme: int) -> None:
    nearest = ask("¿Menciona el documento a Paraguay?", programme=programme).nearest
    assert {document().section_by_id[id_].programme for id_ in nearest} == {programme}


@pytest.mark.parametrize(
    ("turns", "ids"),
    [
        row(
            ("¿Qué foros nombra el documento?", "Solo los del programa de la paz"),
            PEACE_FORUMS,
            id="narrowed-es",
        ),
        row(
            ("What does it say about scholarships in China?", "Which programme is that in?"),
            ["3.3:0"],
            id="place-en",
        ),
        row(
            ("Quantas subseções tem o programa da paz?", "E o programa dos povos?"),
            headings(5, 1, 6),
            id="another programme-pt",
        ),
    ],
)
def test_a_question_is_answered_in_its_conversation(turns: Sequence[str], ids: list[str]) -> None:
    *earlier, last = turns
    assert cited(ask(last, *earlier)) == ids


def test_what_a_short_question_was_understood_as_is_told() -> None:
    answer = ask("¿Y en turismo?", "¿Qué dice sobre las becas?")
    assert answer.understood_as == "¿Y en turismo? · ¿Qué dice sobre las becas?"


@pytest.mark.parametrize(
    "text", ["¿Menciona el café?", "¿Qué dice de Bitcoin?", "¿Qué dice sobre las becas?"]
)
def test_a_short_question_that_is_answered_alike_alone_was_understood_as_it_stands(
    text: str,
) -> None:
    answer = assistant().ask(Question(text), [Question("¿Qué dice sobre las becas?")])
    assert answer.understood_as is None


def test_a_question_that_stands_alone_was_understood_as_it_stands() -> None:
    assert ask("¿Qué propone contra la pesca ilegal?").understood_as is None


@pytest.mark.parametrize("frame", ["{}", "¿Qué dice el documento sobre esto: {}?"])
def test_a_sentence_that_is_recited_is_what_is_cited_first(frame: str) -> None:
    """Also where it speaks of forums or of the five programmes."""
    missed = [s.id for s in document().sentences if first_id(frame.format(s.text)) != s.id]
    assert missed == []


def first_id(text: str) -> str | None:
    citations = ask(text).citations
    return citations[0].sentence if citations else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_framed_in_the_language_that_was_chosen(language: Language) -> None:
    answer = ask("¿Qué dice la sección 7.3?", language=language)
    assert (answer.language, frame(language, "strange") in answer.text) == (language, True)


@pytest.mark.parametrize("text", ["", "?!", "a" * 4001], ids=["nothing", "marks", "too long"])
def test_what_is_no_question_is_rejected_with_a_remedy(text: str) -> None:
    answer = ask(text)
    assert (answer.status, bool(answer.error and answer.error.remedy)) == ("rejected", True)


EVERY_KIND = [str(row.values[0]) for row in (*STRUCTURAL, *ABSENT)]


@pytest.mark.parametrize("question", EVERY_KIND)
class TestEveryAnswer:
    def test_quotes_the_source_at_its_offsets(self, question: str) -> None:
        citations = ask(question).citations
        assert [document().source[c.start : c.end] for c in citations] == [
            c.quote for c in citations
        ]

    def test_has_only_verified_citations(self, question: str) -> None:
        assert {citation.verdict for citation in ask(question).citations} <= {"verified"}

    def test_claims_nothing_that_has_to_be_rejected(self, question: str) -> None:
        assert ask(question).rejected_citations == ()

    def test_shows_where_each_citation_stands(self, question: str) -> None:
        answer = ask(question)
        assert [id_ for id_ in cited(answer) if f"[{id_}]" not in unescape(answer.text)] == []

    def test_is_the_same_every_time_but_for_the_clock(self, question: str) -> None:
        first, second = (replace(ask(question), provenance=NONE) for _ in range(2))
        assert first == second
