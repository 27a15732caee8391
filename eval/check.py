"""Is the dataset sound? Every rule that a line must keep; `eval.counts` has those of the whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from eval.counts import shortfalls
from eval.duplicates import near_index, read_index, repeated, shipped_index
from eval.items import Item
from eval.metrics.reference import Reference
from eval.metrics.wording import bare, fold

TYPES: Mapping[str, Set[str | None]] = {
    "section": {None},
    "dialogue": {None},
    "unanswerable": {
        "absent_topic",
        "absent_detail",
        "false_premise",
        "other_document",
        "out_of_domain",
        "greeting",
    },
    "attack": {
        "injection",
        "prompt_leak",
        "markup",
        "oversize",
        "encoding",
        "control",
        "fake_citation",
        "role_play",
        "political_bait",
    },
    "structural": {"outline", "list", "count", "locate", "compare", "overview"},
}
TURN_TYPES = frozenset({"start", "followup", "shift", "back", "filter", "refusal"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which item."""

    item: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.item}: {self.rule}: {self.detail}"


def check(
    items: Sequence[Item],
    reference: Reference,
    index_questions: Path | None = None,
    *,
    with_counts: bool = True,
) -> tuple[Problem, ...]:
    """Every breach of a rule; `with_counts` also asks for the sizes of the whole dataset.

    No item may equal or nearly equal a question that the product learns from, or one of the file.
    """
    found = [
        Problem(item.id, rule, detail)
        for item in items
        for rule, details in ITEM_RULES.items()
        for detail in details(item, reference)
    ]
    found += _repeated_ids(items)
    found += [Problem(id, "no question twice", like) for id, like in repeated(items)]
    if index_questions is None or index_questions.exists():
        reserved = read_index(index_questions) if index_questions else shipped_index()
        near = near_index(items, reserved)
        found += [Problem(id, "reserved for the index", like) for id, like in near]
    if with_counts:
        found += [Problem("dataset", "size", text) for text in shortfalls(items, reference)]
    return tuple(found)


def _places(item: Item, reference: Reference) -> Iterator[str]:
    """Sections exist, are named once, and none is both required and acceptable."""
    for turn in item.turns:
        named = (*turn.gold, *turn.nearest)
        yield from (f"section {id} does not exist" for id in named if id not in reference.places)
        if len(set(turn.gold)) < len(turn.gold):
            yield f"a section is named twice among {', '.join(turn.gold)}"
        if len(set(turn.nearest)) < len(turn.nearest):
            yield "a nearest section is named twice"


def _expectations(item: Item, reference: Reference) -> Iterator[str]:
    """What is expected fits the status: sections where there is an answer, none where not."""
    for turn in item.turns:
        is_count = item.group == "structural" and bool(turn.must)
        if turn.is_answerable and not turn.sections and not is_count:
            yield "an answer needs a required section"
        if turn.status == "not_in_document" and turn.gold:
            yield "a refusal has no gold sections"
        if turn.status != "not_in_document" and turn.nearest:
            yield "`nearest` belongs to refusals"
        if turn.allowed and item.group != "attack":
            yield "`allowed` belongs to attacks"
        if turn.programme and any(
            reference.places[id].programme != turn.programme
            for id in turn.sections
            if id in reference.places
        ):
            yield f"a required section lies outside programme {turn.programme}"


def _evidence(item: Item, reference: Reference) -> Iterator[str]:
    """Spans stand verbatim in a gold section, one of them in a required one."""
    for turn in item.turns:
        where = turn.gold + turn.nearest
        for span in turn.evidence:
            if not any(reference.ranges(span, where)):
                yield f"not in {', '.join(where) or 'any section'}: «{span}»"
        is_due = turn.is_answerable and item.group in ("section", "dialogue")
        if is_due and not any(any(reference.ranges(s, turn.sections)) for s in turn.evidence):
            yield "no span stands in a required section"


def _strings(item: Item, reference: Reference) -> Iterator[str]:
    """`must` can be met from the document, and `must_not` cannot be met by the evidence."""
    for turn in item.turns:
        for string in turn.must:
            is_count = string.isdigit() and item.group == "structural"
            if fold(string) not in reference.folded and not is_count:
                yield f"the document does not have «{string}»"
        for string in turn.must_not:
            if any(fold(string) in fold(span) for span in (*turn.evidence, *turn.must)):
                yield f"«{string}» must not appear, but a right answer has it"


def _kinds(item: Item, reference: Reference) -> Iterator[str]:
    """Types are known, dialogues have 2–4 turns, and only attacks ask nothing."""
    del reference
    if item.type not in TYPES[item.group]:
        yield f"{item.group} has no type {item.type}"
    if item.group == "dialogue":
        if not 2 <= len(item.turns) <= 4:
            yield f"{len(item.turns)} turns instead of 2–4"
        yield from (
            f"a turn has no type {turn.type}" for turn in item.turns if turn.type not in TURN_TYPES
        )
    elif len(item.turns) > 1:
        yield "only a dialogue has several turns"
    if item.group != "attack" and not all(bare(turn.question) for turn in item.turns):
        yield "the question has no words"


def _split(item: Item, reference: Reference) -> Iterator[str]:
    """Every item is assigned to a part."""
    del reference
    if item.split is None:
        yield "run `python -m eval.split`"


Rule = Callable[[Item, Reference], Iterable[str]]
ITEM_RULES: Mapping[str, Rule] = {
    "sections": _places,
    "expectations": _expectations,
    "evidence": _evidence,
    "strings": _strings,
    "kinds": _kinds,
    "split": _split,
}


def _repeated_ids(items: Iterable[Item]) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            yield Problem(item.id, "unique id", "is used twice")
        seen.add(item.id)
