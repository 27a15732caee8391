from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from eval.cited import CORRECT, FOLDER, Case, CitedAnswer, Fault, cases, load
from eval.items import DatasetError
from rag.answer.numbers import numbers
from rag.answer.verification import Verifier
from rag.domain import LANGUAGES, DraftCitation, Language
from tests.product import document

FAULTS: tuple[Fault, ...] = get_args(Fault)


@cache
def answers() -> tuple[CitedAnswer, ...]:
    return load()


@cache
def planted() -> tuple[Case, ...]:
    return tuple(cases(answers(), document()))


@cache
def verifier() -> Verifier:
    return Verifier(document())


def of(fault: Fault) -> list[tuple[Case, Case]]:
    """Cases with a fault, each behind the statement that it was made of."""
    found, right = [], planted()[0]
    for case in planted():
        right = case if case.fault == "none" else right
        if case.fault == fault:
            found.append((right, case))
    return found


def section(id_: str) -> str:
    return id_.partition(":")[0]


def verdict(case: Case) -> str:
    """What becomes of the quote of a case under the section that it claims."""
    quote = case.text.partition("«")[2].rpartition("»")[0]
    return verifier().verify(DraftCitation(section(case.ids[0]), quote)).verdict


class TestAnswers:
    def test_are_at_least_three_hundred(self) -> None:
        assert len(answers()) >= 300

    def test_have_each_an_id_of_their_own(self) -> None:
        assert len({answer.id for answer in answers()}) == len(answers())

    def test_cite_every_section(self) -> None:
        cited = {section(id_) for a in answers() for s in a.sentences for id_ in s.ids}
        assert cited == document().section_by_id.keys()

    def test_cite_only_what_exists(self) -> None:
        cited = {id_ for a in answers() for s in a.sentences for id_ in s.ids}
        assert cited - document().sentence_by_id.keys() == set()

    def test_cite_something_in_every_sentence(self) -> None:
        assert [s.text for a in answers() for s in a.sentences if not s.ids] == []

    def test_hold_the_names_that_they_list(self) -> None:
        sentences = [s for answer in answers() for s in answer.sentences]
        assert [s.text for s in sentences if any(name not in s.text for name in s.names)] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_many_of_every_language(self, language: Language) -> None:
        assert sum(answer.lang == language for answer in answers()) >= 50


class TestHalves:
    def test_are_told_by_the_id_alone(self) -> None:
        changed = [a.model_copy(update={"question": "¿?", "sentences": ()}) for a in answers()]
        assert [a.part for a in changed] == [a.part for a in answers()]

    def test_share_no_answer(self) -> None:
        parts = {(case.answer, case.part) for case in planted()}
        assert len(parts) == len({answer for answer, _ in parts})

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_halves_in_every_language(self, language: Language) -> None:
        parts = Counter(answer.part for answer in answers() if answer.lang == language)
        assert 0.35 <= parts["held"] / parts.total() <= 0.65

    @pytest.mark.parametrize("fault", FAULTS)
    def test_both_have_every_fault(self, fault: Fault) -> None:
        assert {case.part for _, case in of(fault)} == {"fit", "held"}


class TestFaults:
    def test_are_the_same_every_time(self) -> None:
        assert tuple(cases(load(), document())) == planted()

    @pytest.mark.parametrize("fault", FAULTS)
    def test_are_at_least_two_hundred_of_a_kind(self, fault: Fault) -> None:
        assert len(of(fault)) >= 200

    @pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in CORRECT])
    def test_change_the_statement_or_what_it_cites(self, fault: Fault) -> None:
        same = [
            case for right, case in of(fault) if (right.text, right.ids) == (case.text, case.ids)
        ]
        assert same == []

    @pytest.mark.parametrize("fault", ["number", "name", "claim", "negation", "modality"])
    def test_of_the_words_leave_the_ids(self, fault: Fault) -> None:
        assert [case for right, case in of(fault) if right.ids != case.ids] == []

    @pytest.mark.parametrize("fault", ["wrong_id", "invented_id"])
    def test_of_the_id_leave_the_words(self, fault: Fault) -> None:
        assert [case for right, case in of(fault) if right.text != case.text] == []

    def test_of_a_wrong_id_name_another_section(self) -> None:
        near = [case for right, case in of("wrong_id") if _shares_section(right.ids, case.ids)]
        assert near == []

    def test_of_a_wrong_id_stay_in_the_programme_about_every_second_time(self) -> None:
        near = [_programmes(right.ids) & _programmes(case.ids) for right, case in of("wrong_id")]
        assert 0.4 <= sum(map(bool, near)) / len(near) <= 0.75

    def test_of_an_invented_id_name_nothing(self) -> None:
        ids = {id_ for _, case in of("invented_id") for id_ in case.ids}
        assert ids & document().sentence_by_id.keys() == set()

    def test_of_a_number_state_another_one(self) -> None:
        same = [case for right, case in of("number") if _numbers(case) <= _numbers(right)]
        assert same == []

    def test_of_a_name_put_another_name_of_the_language_in_its_place(self) -> None:
        names = {(a.lang, name) for a in answers() for s in a.sentences for name in s.names}
        strange = [
            case.text for right, case in of("name") if not _is_swapped(right, case.text, names)
        ]
        assert strange == []

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [("quote", "verified"), ("quote_moved", "moved"), ("quote_altered", "not_found")],
    )
    def test_of_a_quote_are_what_their_name_says(self, fault: Fault, expected: str) -> None:
        sample = [case for _, case in of(fault)][::10]
        assert Counter(map(verdict, sample)) == {expected: len(sample)}


def _is_swapped(right: Case, text: str, names: set[tuple[Language, str]]) -> bool:
    own = [name for language, name in names if language == right.language]
    return any(
        right.text.replace(old, new) == text
        for old in own
        for new in own
        if old != new and old in right.text and new in text
    )


def _numbers(case: Case) -> frozenset[str]:
    return numbers(case.text, case.language)


def _shares_section(one: Sequence[str], other: Sequence[str]) -> bool:
    return not {section(id_) for id_ in one}.isdisjoint(section(id_) for id_ in other)


def _programmes(ids: Sequence[str]) -> set[int | None]:
    return {document().section_by_id[section(id_)].programme for id_ in ids}


def test_answers_that_are_missing_are_an_error_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="git checkout"):
        load(tmp_path)


@pytest.mark.parametrize("line", ['{"id": "x"}', "no JSON", '{"id": 1, "more": 2}'])
def test_an_answer_that_is_not_valid_is_an_error_with_its_remedy(tmp_path: Path, line: str) -> None:
    for path in FOLDER.glob("*.jsonl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "answers_pt.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(DatasetError, match="git checkout"):
        load(tmp_path)
