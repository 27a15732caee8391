"""Strings that an answer must or must not contain, and exactness of structural answers."""

from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.grounding import numbers
from eval.metrics.numerals import states_count
from eval.metrics.wording import bare, plain


def strings_right(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if every `must` string is there and no `must_not` string is; `None` without either.

    Looked for in the answer's text and its quotes, without Markdown, as `contains` does: a count
    below 100 may be given in digits or in words.

    >>> turn = Turn(question="q", status="answered", must=("17",), must_not=("dieciocho",))
    >>> strings_right(turn, GivenAnswer(status="answered", answer="Tiene **diecisiete**."))
    1.0
    >>> strings_right(turn, GivenAnswer(status="answered", answer="Tiene 18, como en 2.17."))
    0.0
    """
    if turn.status is None or not (turn.must or turn.must_not):
        return None
    text = visible_text(answer)
    is_complete = all(contains(text, string) for string in turn.must)
    is_clean = not any(contains(text, string) for string in turn.must_not)
    return float(answer.status == turn.status and is_complete and is_clean)


def structural_exactness(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if a structural answer cites all required sections, none else, and the right strings.

    required ⊆ cited ⊆ required ∪ acceptable, and `strings_right`. Where gold names no section at
    all (a bare count), any citation may stand beside it.

    >>> turn = Turn(question="q", status="answered", sections=("4.3", "4.4"))
    >>> structural_exactness(turn, GivenAnswer(status="answered"))
    0.0
    """
    if not turn.is_answerable:
        return None
    cited = {citation.section for citation in answer.citations}
    is_complete = set(turn.sections) <= cited
    is_pure = not turn.gold or cited <= set(turn.gold)
    return float(
        answer.is_answered and is_complete and is_pure and strings_right(turn, answer) != 0.0
    )


def visible_text(answer: GivenAnswer) -> str:
    """The answer's text without Markdown, and its quotes."""
    return "\n".join([plain(answer.answer), *(citation.quote for citation in answer.citations)])


def contains(text: str, string: str) -> bool:
    """Whether the text says the string.

    Digits must stand as a number of their own, below 100 in digits or in words; all else may be a
    part of a word, with case, accents and punctuation folded away.

    >>> contains("la Antártida", "ANTARTI"), contains("Foro  de «Xiangshan»", "foro de xiangshan")
    (True, True)
    >>> contains("en 20161", "2016"), contains("son diecisiete", "17")
    (False, True)
    """
    if string.isascii() and string.isdigit():
        if len(string) <= 2:
            return states_count(text, int(string))
        return string in numbers(text)
    return bare(string) in bare(text) if bare(string) else string in text
