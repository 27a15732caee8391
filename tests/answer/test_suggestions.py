import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import suggestions
from rag.answer.suggestions import SUGGESTED, Known, Suggestion, suggest
from rag.domain import (
    LANGUAGES,
    Answer,
    Citation,
    Language,
    Provenance,
    Question,
    Reason,
    Section,
    Status,
)
from rag.errors import SourceError
from rag.search.normalisation import fold
from tests.product import assistant, document

SECTIONS = document().sections
SENTENCES = [sentence.id for sentence in document().sentences]
IDS = list(document().section_by_id)

IN_FORM: dict[Language, str] = {
    "es": r"¿[A-ZÁÉÍÓÚÑ][^¿?]{17,86}\?",
    "en": r"[A-Z][^?]{18,88}\?",
    "pt": r"[A-ZÁÉÍÓÚÂÊÔÃÕ][^?]{18,88}\?",
    "zh": r"[^？]{8,38}？",
}
LEANING: dict[Language, str] = {
    "es": r"\b(yo|mi|mis|me|soy|nos|nuestr\w+|eso|esto|ese|esa|ello|él|ellos|allí|también)\b",
    "en": r"\b(I|I'm|my|me|we|us|our|you|your|it|its|this|that one|they|them|there too|also)\b",
    "pt": r"\b(eu|meu|minha|me|sou|noss\w+|isso|isto|esse|essa|ele|eles|ela|lá|também)\b",
    "zh": r"我|你|咱|这|那|它|他|她|也会",
}
"""First persons, and words that lean on what was said before."""


def answered(*cited: str, language: Language = "es", status: Status = "answered") -> Answer:
    return Answer(
        status=status,
        language=language,
        text="",
        provenance=Provenance("", ""),
        citations=tuple(Citation(id_, "", 0, 1, "verified") for id_ in cited),
    )


def silent(reason: Reason, *nearest: str) -> Answer:
    return replace(answered(status="not_in_document"), reason=reason, nearest=nearest)


def sections_of(found: tuple[Suggestion, ...]) -> list[str]:
    return [suggestion.section for suggestion in found]


def listed(language: Language) -> Iterator[tuple[Section, Known]]:
    """Every question of the file in a language, with its section."""
    by_title, _ = suggestions.read()
    for section in SECTIONS:
        for known in by_title[section.title][language]:
            yield section, known


@pytest.mark.parametrize("language", LANGUAGES)
class TestTheListedQuestions:
    def test_are_all_answered_with_their_section_first_quoting_their_sentence(
        self, language: Language
    ) -> None:
        failed = []
        for section, known in listed(language):
            answer = assistant().ask(Question(known.text))
            cited = [citation.sentence for citation in answer.citations]
            wanted = {f"{section.id}:{ordinal}" for ordinal in known.ordinals}
            is_first = cited and document().sentence_by_id[cited[0]].section == section.id
            is_answered = answer.status == "answered" and answer.language == language
            if not (is_answered and is_first and wanted <= set(cited)):
                failed.append((known.text, answer.status, answer.language, cited[:2]))
        assert failed == []

    def test_are_at_least_two_for_every_section(self, language: Language) -> None:
        counts = dict.fromkeys(IDS, 0)
        for section, _ in listed(language):
            counts[section.id] += 1
        assert min(counts.values()) >= 2

    def test_point_at_sentences_of_their_section(self, language: Language) -> None:
        pointed = {
            f"{s.id}:{ordinal}" for s, known in listed(language) for ordinal in known.ordinals
        }
        assert all(known.ordinals for _, known in listed(language))
        assert pointed <= set(SENTENCES)

    def test_are_questions_of_a_line(self, language: Language) -> None:
        texts = [known.text for _, known in listed(language)]
        assert [text for text in texts if not re.fullmatch(IN_FORM[language], text)] == []

    def test_lean_on_nothing_and_tell_no_stories(self, language: Language) -> None:
        texts = [known.text for _, known in listed(language)]
        flags = re.NOFLAG if language == "en" else re.IGNORECASE
        assert [text for text in texts if re.search(LEANING[language], text, flags)] == []

    def test_are_all_different(self, language: Language) -> None:
        texts = [fold(known.text) for _, known in listed(language)]
        assert len(set(texts)) == len(texts)


class TestAfterAnAnswer:
    def test_one_goes_deeper_one_goes_next_door_and_one_to_what_was_found_next(self) -> None:
        answer = replace(answered("3.3:2", "3.3:6"), retrieved=("3.3", "3.4", "2.9", "5.6"))
        found = suggest(document(), answer)
        assert sections_of(found) == ["3.3", "3.4", "2.9"]

    def test_what_was_quoted_is_not_asked_again(self) -> None:
        before = suggest(document(), answered("3.3:6"))[0].text
        after = suggest(document(), answered("3.3:6", "3.3:2"))[0].text
        assert "becas" in before
        assert "becas" not in after

    def test_a_section_that_is_quoted_in_full_gives_way_to_another(self) -> None:
        sentences = document().section_by_id["5.1"].sentences
        found = suggest(document(), answered(*(sentence.id for sentence in sentences)))
        assert len(found) == SUGGESTED
        assert "5.1" not in sections_of(found)

    def test_the_last_section_of_a_programme_has_the_one_before_as_its_neighbour(self) -> None:
        assert sections_of(suggest(document(), answered("4.6:1")))[1] == "4.5"

    def test_a_front_part_has_front_parts_as_neighbours(self) -> None:
        assert sections_of(suggest(document(), answered("I:1")))[1] == "II"

    def test_cited_sections_are_no_neighbours_but_come_before_strangers(self) -> None:
        cited = [f"{id_}:0" for id_ in document().programme_by_number[5].sections]
        assert sections_of(suggest(document(), answered(*cited))) == ["5.1", "5.2", "5.3"]

    def test_an_answer_that_cites_nothing_leads_to_what_was_found(self) -> None:
        answer = replace(answered(), retrieved=("2.8", "2.12", "4.1"))
        assert sections_of(suggest(document(), answer)) == ["2.8", "2.12", "4.1"]


class TestWhereTheDocumentIsSilent:
    def test_each_of_the_nearest_sections_gives_one(self) -> None:
        answer = silent("absent_topic", "4.5", "2.4", "2.9")
        assert sections_of(suggest(document(), answer)) == ["4.5", "2.4", "2.9"]

    def test_what_contradicts_a_premise_comes_first(self) -> None:
        answer = replace(
            silent("false_premise", "4.5", "2.4"), citations=answered("1.2:2").citations
        )
        assert sections_of(suggest(document(), answer)) == ["1.2", "4.5", "2.4"]

    @pytest.mark.parametrize("reason", ["greeting", "out_of_domain"])
    def test_outside_the_document_each_comes_from_another_programme(self, reason: Reason) -> None:
        found = suggest(document(), silent(reason, "3.4"))
        programmes = {document().section_by_id[id_].programme for id_ in sections_of(found)}
        assert len(programmes) == SUGGESTED

    def test_a_second_greeting_brings_other_questions(self) -> None:
        first = suggest(document(), silent("greeting"), ["hola"])
        assert set(suggest(document(), silent("greeting"), ["hola", "buenas"])).isdisjoint(first)

    @pytest.mark.parametrize("status", ["rejected", "error"])
    def test_a_failure_suggests_nothing(self, status: Status) -> None:
        assert suggest(document(), answered("2.5:1", status=status)) == ()


class TestRepetition:
    @pytest.mark.parametrize(
        ("cited", "asked"),
        [
            pytest.param("3.3:2", "que cooperacion hay en la educacion vocacional", id="es"),
            pytest.param("2.5:1", "¿COOPERACIÓN EN PETRÓLEO Y GAS NATURAL?", id="fewer words"),
            pytest.param("5.5:2", "¿Abrirán vuelos directos?", id="other words"),
        ],
    )
    def test_what_was_asked_in_other_words_is_not_suggested(self, cited: str, asked: str) -> None:
        without = {suggestion.text for suggestion in suggest(document(), answered(cited))}
        kept = {suggestion.text for suggestion in suggest(document(), answered(cited), [asked])}
        assert len(kept) == SUGGESTED
        assert len(without - kept) == 1

    def test_in_chinese_too(self) -> None:
        answer = answered("2.10:1", language="zh")
        first = suggest(document(), answer)[0].text
        assert "北斗" in first
        assert "北斗" not in suggest(document(), answer, ["北斗导航系统拉美国家可以用吗"])[0].text

    def test_a_question_in_another_language_is_no_obstacle(self) -> None:
        answer = answered("2.10:1", language="zh")
        assert suggest(document(), answer, ["¿Y el BeiDou?"]) == suggest(document(), answer, ["？"])

    def test_following_suggestions_never_leads_back(self) -> None:
        asked = ["¿Qué becas hay para estudiar en China?"]
        for step in range(40):
            answer = assistant().ask(Question(asked[-1]))
            found = suggest(document(), answer, asked)
            assert len(found) == SUGGESTED
            asked.append(found[step % SUGGESTED].text)
        assert len({fold(question) for question in asked}) == len(asked)


@given(
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from(SENTENCES), max_size=12, unique=True),
    st.lists(st.sampled_from(IDS), max_size=8, unique=True),
    st.data(),
)
def test_whatever_was_answered_the_suggestions_are_few_new_and_of_its_language(
    language: Language, cited: list[str], retrieved: list[str], data: st.DataObject
) -> None:
    known = {question.text: section.id for section, question in listed(language)}
    asked = data.draw(st.lists(st.sampled_from(sorted(known)), max_size=20))
    answer = replace(answered(*cited, language=language), retrieved=tuple(retrieved))
    found = suggest(document(), answer, asked)
    assert found == suggest(document(), answer, asked)
    assert len({suggestion.text for suggestion in found}) == len(found) <= SUGGESTED
    assert all(known[suggestion.text] == suggestion.section for suggestion in found)
    assert {suggestion.text for suggestion in found}.isdisjoint(asked)


@given(st.integers(1, 5), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5))
def test_a_programme_that_was_chosen_leaves_the_others_out(number: int, cited: list[str]) -> None:
    found = suggest(document(), answered(*cited), programme=number)
    assert all(id_.startswith(f"{number}.") for id_ in sections_of(found))


class TestAnotherDocument:
    def test_a_title_that_moved_keeps_its_questions(self) -> None:
        moved = replace(document().section_by_id["2.5"], id="2.6")
        other = replace(document(), sections=(moved,), programmes=())
        answer = replace(answered(), retrieved=("2.6",))
        assert {s.section for s in suggest(other, answer, programme=2)} == {"2.6"}
        assert "petróleo" in suggest(other, answer, programme=2)[0].text

    def test_a_title_that_is_not_known_has_none(self) -> None:
        renamed = replace(document().section_by_id["2.5"], title="Otra cosa")
        other = replace(document(), sections=(renamed,), programmes=())
        assert suggest(other, replace(answered(), retrieved=("2.5",))) == ()

    def test_a_title_that_was_lost_goes_by_its_number(self) -> None:
        lost = replace(document().section_by_id["2.1"], title="encabezado perdido")
        other = replace(document(), sections=(lost,), programmes=())
        found = suggest(other, replace(answered(), retrieved=("2.1",)))
        assert sections_of(found) == ["2.1", "2.1"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('["2.5"]\ntitle = "T"\nes = []', id="a language missing"),
        pytest.param('["2.5"]\nes = "', id="no TOML"),
        pytest.param(
            '["2.5"]\ntitle = "T"\nes = ["¿A? → x"]\nen = []\npt = []\nzh = []', id="ordinal"
        ),
    ],
)
def test_a_damaged_file_is_an_error_with_a_remedy(tmp_path: Path, content: str) -> None:
    file = tmp_path / "suggestions.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="git checkout"):
        suggestions.read(file)
