import math

import pytest

from rag.domain import Question
from rag.search.retrieval import Retrieval
from tests.product import assistant, document

TOPIC = "cooperación en energía, ciencia y comercio"
PROGRAMMES = sorted(document().programme_by_number)


def search(programme: int | None, text: str = TOPIC) -> Retrieval:
    return assistant().search(Question(text, None, programme))


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_filter_keeps_every_hit_inside_the_programme(programme: int) -> None:
    assert {hit.passage.programme for hit in search(programme).hits} == {programme}


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_filter_keeps_every_section_inside_the_programme(programme: int) -> None:
    sections = search(programme).sections
    assert {document().section_by_id[id_].programme for id_ in sections} == {programme}


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_each_leg_ranks_the_passages_of_the_programme_alone(programme: int) -> None:
    ranks: dict[str, list[int]] = {}
    for hit in search(programme).hits:
        for leg, score in hit.legs.items():
            ranks.setdefault(leg, []).append(score.rank)
    passages = sum(
        len(section.sentences) for section in document().sections if section.programme == programme
    )
    assert {leg: max(found) for leg, found in ranks.items() if max(found) > passages} == {}


def test_without_a_filter_the_hits_come_from_several_programmes() -> None:
    assert len({hit.passage.programme for hit in search(None).hits}) > 1


@pytest.mark.parametrize("text", [TOPIC, "ωψξ ϡϟϛ", "China"])
def test_every_score_is_a_finite_number(text: str) -> None:
    scores = [score.score for hit in search(None, text).hits for score in hit.legs.values()]
    assert all(map(math.isfinite, scores))


@pytest.mark.parametrize("text", [TOPIC, "Antártida", "becas"])
def test_hits_come_best_first(text: str) -> None:
    scores = [hit.score for hit in search(None, text).hits]
    assert scores == sorted(scores, reverse=True)


def test_a_question_is_ranked_alike_every_time() -> None:
    assert search(None) == search(None)
