"""The altered copy, and whether answers follow it."""

from functools import cache
from pathlib import Path

import pytest

from eval.commands.mutating import by_kind, written
from eval.evaluation import answered, carry_out
from eval.metrics.grading import Graded, grade
from eval.mutant_items import KINDS, items_of, kind_of
from eval.mutants import Mutant, mutate
from eval.truth import reference_of
from rag import settings
from rag.assistant import open_assistant
from rag.corpus import document as documents
from tests.eval.subjects import begin
from tests.product import document
from tests.search.sample import sampled


@cache
def mutant() -> Mutant:
    return mutate(document())


def test_the_same_document_gives_the_same_copy() -> None:
    assert mutate(document()).document.source == mutant().document.source


def test_the_copy_has_every_kind_of_alteration() -> None:
    asked = [kind_of(item) for item in items_of(mutant())]
    assert all(asked.count(kind) >= 5 for kind in KINDS)


def test_no_altered_fact_is_left_and_every_new_one_is_new() -> None:
    prose = " ".join(s.text for s in mutant().document.sentences).split()
    words = {word.strip(".,;:()«»“”") for word in prose}
    old = {**mutant().numbers, **mutant().names}
    assert words.isdisjoint(old)
    assert all(new not in document().source for new in old.values())


def test_headings_that_were_lost_are_restored_in_the_copy_too() -> None:
    restored = [section.title for section in document().sections if section.restored]
    assert [s.title for s in mutant().document.sections if s.restored] == restored


def test_title_and_body_of_a_moved_subsection_stand_under_the_other_number() -> None:
    for here, there in mutant().moved.items():
        copy = mutant().document.section_by_id[here]
        original = document().section_by_id[there]
        assert copy.title == original.title
        assert len(copy.sentences) == len(original.sentences)
        assert copy.programme != original.programme


def test_the_gold_of_every_question_stands_in_the_copy_and_not_in_the_original() -> None:
    reference = reference_of(mutant().document)
    for item in items_of(mutant()):
        (turn,) = item.turns
        assert all(any(reference.ranges(span, turn.sections)) for span in turn.evidence)
        if kind_of(item) != "swapped":
            assert all(span not in document().source for span in turn.evidence)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graded, ...]:
    """The product's own answers about the copy; `python -m eval mutate` has it learn from all."""
    folder = tmp_path_factory.mktemp("copy")
    with sampled():
        assistant = open_assistant(written(mutant(), folder, settings.load()), lambda line: None)
    run = begin(Path(folder / "runs"), items_of(mutant()))
    carry_out(run, assistant)
    return grade(answered(run), reference_of(mutant().document))


def test_the_file_of_the_copy_is_the_copy(tmp_path: Path) -> None:
    path = written(mutant(), tmp_path, settings.load()).source
    assert path is not None
    assert documents.load(path).source == mutant().document.source


@pytest.mark.parametrize("kind", KINDS)
def test_the_extractive_answers_follow_the_copy(graded: tuple[Graded, ...], kind: str) -> None:
    wrong = [
        (one.asked.turn.question, one.asked.turn.sections, one.asked.answer.answer[:80])
        for one in graded
        if kind_of(one.asked.item) == kind and not one.is_right
    ]
    assert wrong == []
    assert by_kind(graded)[kind].value == 1.0
