"""A copy of the document with altered facts: whoever answers from memory gives himself away.

Nothing here is drawn by chance and no place is named: the same document always gives the same copy.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from rag.corpus import document as documents
from rag.corpus.source import Source
from rag.domain import Document, Section
from rag.errors import SourceError

MAX_OCCURRENCES = 3
"""A name that stands oftener belongs to the document's whole vocabulary."""

MIN_LETTERS = 4

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<!\w)\d+(?!\w)")
_OPENINGS = ("Ban", "Dor", "Fel", "Gar", "Kel", "Lor", "Mar", "Nor", "Rad", "Sol", "Tar", "Vel")
_MIDDLES = ("di", "go", "ju", "ka", "lu", "mo", "ne", "pi", "ro", "ta", "vo", "zu")
_ENDINGS = ("dan", "fer", "gol", "mir", "nex", "pol", "rin", "sur", "tok", "vin", "wen", "zar")


@dataclass(frozen=True, slots=True)
class Mutant:
    """The copy and what is different in it."""

    document: Document
    numbers: Mapping[str, str]
    """Old → new, everywhere in the prose."""
    names: Mapping[str, str]
    moved: Mapping[str, str]
    """Section id in the copy → id of the section of the original whose title and body it has."""


def mutate(original: Document) -> Mutant:
    """The copy with all numbers, rare proper names and most subsections altered.

    Raises:
        SourceError: the copy cannot be parsed as the original is.
    """
    kept = _protected(original)
    numbers, names = _new_numbers(original, kept), _new_names(original, kept)
    changed = _parsed(_reworded(original, numbers | names))
    pairs = dict(_partners(changed))
    copy = _parsed(_swapped(changed, pairs))
    if [s.id for s in copy.sections if s.restored] != [
        s.id for s in original.sections if s.restored
    ]:
        raise SourceError(
            "La copia alterada no conserva los encabezados restaurados.",
            remedy="Revise headings.toml: «before» debe ser el comienzo de la sección.",
        )
    moved = pairs | {there: here for here, there in pairs.items()}
    return Mutant(copy, numbers, names, moved)


def _parsed(text: str) -> Document:
    digest = sha256(text.encode()).hexdigest()
    return documents.build(Source(text, digest), documents.reviewed_headings())


def _protected(document: Document) -> set[str]:
    """Words of titles and of the beginnings by which restored headings are recognised."""
    texts = [programme.title for programme in document.programmes]
    texts += [section.title for section in document.sections]
    texts += [heading.before for heading in documents.reviewed_headings()]
    return {word for text in texts for word in (*_WORD.findall(text), *_NUMBER.findall(text))}


def _new_numbers(document: Document, kept: set[str]) -> dict[str, str]:
    """Every number with another of its length that stands nowhere in the document."""
    found: dict[str, str] = {}
    for sentence in document.sentences:
        for number in _NUMBER.findall(sentence.text):
            if number in kept or number in found:
                continue
            step = 10 if number.endswith("0") and len(number) == 2 else 7
            candidates = (str(int(number) + step * n) for n in range(1, 1000))
            taken = (*found.values(), document.source)
            found[number] = next(c for c in candidates if not any(c in text for text in taken))
    return found


def _new_names(document: Document, kept: set[str]) -> dict[str, str]:
    """Rare words that are always written with a capital inside a sentence, with invented ones."""
    counts = Counter(word for s in document.sentences for word in _WORD.findall(s.text))
    initial = {_WORD.findall(s.text)[0] for s in document.sentences if _WORD.search(s.text)}
    names = (
        word
        for word, count in counts.items()
        if word[0].isupper() and len(word) >= MIN_LETTERS and count <= MAX_OCCURRENCES
        if word not in kept | initial and word.lower() not in counts
    )
    found: dict[str, str] = {}
    for name in names:
        taken = {*found.values(), *counts}
        found[name] = next(word for word in _invented(name) if word not in taken)
    return found


def _invented(name: str) -> Iterator[str]:
    """Words that no language has, which follow from the name."""
    for attempt in range(1000):
        drawn = sha256(f"{name} {attempt}".encode()).digest()
        parts = (_OPENINGS, _MIDDLES, _ENDINGS)
        yield "".join(
            syllables[b % len(syllables)] for syllables, b in zip(parts, drawn, strict=False)
        )


def _reworded(document: Document, new: Mapping[str, str]) -> str:
    """The source with words of its prose replaced; headings stay."""
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, new)) or '(?!)'})(?!\w)")
    text, end = [], 0
    for section in document.sections:
        for paragraph in section.paragraphs:
            text += [
                document.source[end : paragraph.start],
                pattern.sub(lambda match: new[match.group()], paragraph.text),
            ]
            end = paragraph.end
    return "".join([*text, document.source[end:]])


def _partners(document: Document) -> Iterator[tuple[str, str]]:
    """Pairs of subsections of different programmes, half of the document apart."""
    movable = [s for s in document.sections if s.heading and s.programme and s.paragraphs]
    half = len(movable) // 2
    for here, there in zip(movable[:half], movable[half:], strict=False):
        if here.programme != there.programme:
            yield here.id, there.id


def _swapped(document: Document, pairs: Mapping[str, str]) -> str:
    """The source with title and body of every pair exchanged; the numbers stay in place."""
    edits: dict[tuple[int, int], str] = {}
    for pair in pairs.items():
        here, there = (_parts(document.section_by_id[id_]) for id_ in pair)
        for a, b in zip(here, there, strict=True):
            edits[a] = document.source[slice(*b)]
            edits[b] = document.source[slice(*a)]
    text, end = [], 0
    for (start, stop), replacement in sorted(edits.items()):
        text += [document.source[end:start], replacement]
        end = stop
    return "".join([*text, document.source[end:]])


def _parts(section: Section) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where title and body stand."""
    heading_end = section.heading.end if section.heading else section.start
    title = (heading_end - len(section.title), heading_end)
    return title, (section.paragraphs[0].start, section.paragraphs[-1].end)
