"""Are the quotes true, and do they hold what answers the question?"""

from collections.abc import Sequence

from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.reference import Range, Reference


def verbatim_rate(answer: GivenAnswer, reference: Reference) -> float | None:
    """Share of the citations with `source[start:end] == quote`; `None` without citations.

    >>> from eval.metrics.answers import GivenCitation
    >>> said = GivenCitation(section="I", sentence="I:1", quote="dos", start=4, end=7)
    >>> made_up = GivenCitation(section="I", sentence="I:1", quote="seis", start=4, end=8)
    >>> answer = GivenAnswer(status="answered", citations=(said, made_up))
    >>> verbatim_rate(answer, Reference("uno dos tres", {}))
    0.5
    """
    return _share([reference.is_verbatim(citation) for citation in answer.citations])


def id_validity(answer: GivenAnswer, reference: Reference) -> float | None:
    """Share of the citations whose section, programme, sentence id and offsets exist and agree.

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> reference = Reference("uno dos", {"I": Place("I", None, "Uno", True, 0, 7, 1)})
    >>> true = GivenCitation(section="I", sentence="I:1", quote="dos", start=4, end=7)
    >>> invented = true.model_copy(update={"sentence": "I:9"})
    >>> id_validity(GivenAnswer(status="answered", citations=(true, invented)), reference)
    0.5
    """
    return _share([reference.is_in_place(citation) for citation in answer.citations])


def evidence_recall(turn: Turn, answer: GivenAnswer, reference: Reference) -> float | None:
    """Share of the words of the gold spans that stand inside true quotes, by position.

    Recall of the evidence as in SQuAD's token recall (Rajpurkar et al. 2016), but counted where
    the words stand in the source, so that a common word elsewhere earns nothing. A span that
    stands several times counts where it is covered best. `None` for a turn without evidence.

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> reference = Reference("uno dos tres", {"I": Place("I", None, "Uno", True, 0, 12, 1)})
    >>> turn = Turn(question="q", status="answered", sections=("I",), evidence=("uno dos",))
    >>> cited = GivenCitation(section="I", sentence="I:1", quote="dos tres", start=4, end=12)
    >>> evidence_recall(turn, GivenAnswer(status="answered", citations=(cited,)), reference)
    0.5
    """
    if not turn.is_answerable or not turn.evidence:
        return None
    quotes = _true_quotes(answer, reference) if answer.is_answered else []
    covered = [_coverage(turn, span, quotes, reference) for span in turn.evidence]
    return sum(hit for hit, _ in covered) / sum(total for _, total in covered)


def first_quote_holds_span(turn: Turn, answer: GivenAnswer, reference: Reference) -> float | None:
    """1 if the first quote, when true, holds every word of one gold span (hit@1 of evidence).

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> reference = Reference("uno dos tres", {"I": Place("I", None, "Uno", True, 0, 12, 1)})
    >>> turn = Turn(question="q", status="answered", sections=("I",), evidence=("dos", "uno"))
    >>> cited = GivenCitation(section="I", sentence="I:1", quote="dos tres", start=4, end=12)
    >>> first_quote_holds_span(turn, GivenAnswer(status="answered", citations=(cited,)), reference)
    1.0
    """
    if not turn.is_answerable or not turn.evidence:
        return None
    first = answer.first
    if first is None or not reference.is_true(first):
        return 0.0
    held = (_coverage(turn, s, [(first.start, first.end)], reference) for s in turn.evidence)
    return float(any(hit == total for hit, total in held))


def premise_corrected(turn: Turn, answer: GivenAnswer, reference: Reference) -> float | None:
    """1 if a true quote holds words of the sentence that contradicts a false premise.

    Half of the words of one span are enough, since it may run over two sentences. `None` where
    no such sentence exists.

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> reference = Reference("sin condición", {"I": Place("I", None, "Uno", True, 0, 13, 1)})
    >>> turn = Turn(question="q", type="false_premise", status="not_in_document", nearest=("I",),
    ...             evidence=("sin condición",))
    >>> premise_corrected(turn, GivenAnswer(status="not_in_document"), reference)
    0.0
    """
    if turn.status != "not_in_document" or not turn.evidence:
        return None
    quotes = _true_quotes(answer, reference)
    covered = (_coverage(turn, span, quotes, reference) for span in turn.evidence)
    return float(any(2 * hit >= total for hit, total in covered))


def citation_count(answer: GivenAnswer) -> float | None:
    """How many citations an answer shows; `None` for a refusal or an error.

    >>> citation_count(GivenAnswer(status="answered"))
    0.0
    """
    return float(len(answer.citations)) if answer.is_answered else None


def quoted_words(answer: GivenAnswer) -> float | None:
    """How many words an answer quotes; `None` for a refusal or an error.

    >>> from eval.metrics.answers import GivenCitation
    >>> cited = GivenCitation(section="I", sentence="I:1", quote="dos tres", start=4, end=12)
    >>> quoted_words(GivenAnswer(status="answered", citations=(cited,)))
    2.0
    """
    if not answer.is_answered:
        return None
    return float(sum(len(citation.quote.split()) for citation in answer.citations))


def _share(claims: Sequence[bool]) -> float | None:
    return sum(claims) / len(claims) if claims else None


def _true_quotes(answer: GivenAnswer, reference: Reference) -> list[Range]:
    true = (citation for citation in answer.citations if reference.is_true(citation))
    return [(citation.start, citation.end) for citation in true]


def _coverage(
    turn: Turn, span: str, quotes: Sequence[Range], reference: Reference
) -> tuple[int, int]:
    """Covered words and words in all, at the occurrence of the span that is covered best."""
    found = [
        [any(a <= start and end <= b for a, b in quotes) for start, end in reference.words(where)]
        for where in reference.ranges(span, turn.gold + turn.nearest)
    ]
    if not found:
        return 0, max(1, len(span.split()))
    best = max(found, key=sum)
    return sum(best), len(best)
