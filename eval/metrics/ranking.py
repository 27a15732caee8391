"""How good is the ranking of sections behind the answers? Computed by ir-measures."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from eval.items import Turn

if TYPE_CHECKING:
    from ir_measures import Measure

RANKING_METRICS = ("success@1", "success@3", "success@5", "rr", "ndcg@10")

REQUIRED_GAIN = 2
ACCEPTABLE_GAIN = 1


def ranking_scores(
    turns: Mapping[str, Turn], retrieved: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Key → metric → value, for the turns that require a section; no ranking is worth 0.

    Success@k: a required or acceptable section is among the first k. RR: 1 / rank of the first
    such section. nDCG@10 (Järvelin & Kekäläinen 2002) with gain 2 for a required and 1 for an
    acceptable section. Empty where ir-measures is not installed (Linux on ARM).

    >>> turn = Turn(question="q", status="answered", sections=("2.5",), acceptable=("2.4",))
    >>> scores = ranking_scores({"q1": turn}, {"q1": ["2.4", "2.5"]})["q1"]
    >>> [round(scores[name], 4) for name in ("success@1", "rr", "ndcg@10")]
    [1.0, 1.0, 0.8597]
    """
    measures = _measures()
    gold = {key: turn for key, turn in turns.items() if turn.is_answerable and turn.sections}
    if not measures or not gold:
        return {}
    from ir_measures import iter_calc

    scores = {key: dict.fromkeys(RANKING_METRICS, 0.0) for key in gold}
    runs = {key: _run(retrieved.get(key, ())) for key in gold}
    names = {measure: name for name, measure in measures.items()}
    qrels = {key: _gains(turn) for key, turn in gold.items()}
    for result in iter_calc(list(measures.values()), qrels, runs):
        scores[result.query_id][names[result.measure]] = float(result.value)
    return scores


@cache
def _measures() -> dict[str, "Measure"]:
    try:
        from ir_measures import RR, Success, nDCG
    except ImportError:
        return {}
    success = {f"success@{k}": Success(rel=ACCEPTABLE_GAIN) @ k for k in (1, 3, 5)}
    return {**success, "rr": RR(rel=ACCEPTABLE_GAIN), "ndcg@10": nDCG @ 10}


def _gains(turn: Turn) -> dict[str, int]:
    acceptable = dict.fromkeys(turn.acceptable, ACCEPTABLE_GAIN)
    return acceptable | dict.fromkeys(turn.sections, REQUIRED_GAIN)


def _run(retrieved: Sequence[str]) -> dict[str, float]:
    """Scores that fall with the rank; a section named twice counts at its first rank."""
    return {section: -float(rank) for rank, section in enumerate(dict.fromkeys(retrieved))}
