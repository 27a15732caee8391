"""Questions to go on with: others that the document answers, near to what was just said."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rag.corpus.analytical_index import ARROW
from rag.domain import LANGUAGES, Answer, Document, Language, Section
from rag.errors import SourceError
from rag.search.normalisation import content_words, fold, word_units

FILE = Path(__file__).parent / "data" / "suggestions.toml"

SUGGESTED = 3

ALIKE = 0.5
"""Share of common topic words (Jaccard) from which on two questions ask the same."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that stands alone; the document answers it in the section."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Known:
    """A question of the file."""

    text: str
    ordinals: tuple[int, ...]
    """Of the sentences that answer it."""


class _Listing(BaseModel):
    """The questions about one section, keyed by its title like those of the analytical index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    es: tuple[str, ...]
    en: tuple[str, ...]
    pt: tuple[str, ...]
    zh: tuple[str, ...]


def suggest(
    document: Document, answer: Answer, asked: Sequence[str] = (), *, programme: int | None = None
) -> tuple[Suggestion, ...]:
    """Up to three questions in the answer's language, none like those asked.

    After an answer: one on what its main section says besides, one on a neighbouring section and
    one on the next section that was found for it; where the document is silent, one on each of the
    nearest sections. `programme` leaves the others out. The same input gives the same suggestions.
    They are meant to be asked alone, without the conversation so far.

    Raises:
        SourceError: the file of questions is not valid.
    """
    search = _Search(document, answer, asked, programme)
    return tuple(search.found()) if answer.status in ("answered", "not_in_document") else ()


class _Search:
    """The search for what to ask after one answer."""

    def __init__(
        self, document: Document, answer: Answer, asked: Sequence[str], programme: int | None
    ) -> None:
        self._document = document
        self._answer = answer
        self._programme = programme
        self._turn = len(asked)
        self._seen = [*asked]
        self._topic = _topic(asked[-1] if asked else "", answer.language)
        self._cited = frozenset(citation.sentence for citation in answer.citations)

    def found(self) -> Iterator[Suggestion]:
        """One question for each place, then more from other sections until there are enough."""
        cited, places = self._cited_sections(), self._places()
        anywhere = [*cited, *chain.from_iterable(places), *self._anywhere()]
        used: list[str] = []
        for sections in (*places, *([anywhere] * SUGGESTED)):
            fresh_first = sorted(sections, key=used.__contains__)
            if len(used) < SUGGESTED and (suggestion := self._first(fresh_first)):
                self._seen.append(suggestion.text)
                used.append(suggestion.section)
                yield suggestion

    def _places(self) -> list[list[str]]:
        """Section ids to take one question from each, best first."""
        answer, cited = self._answer, self._cited_sections()
        if answer.reason in ("greeting", "out_of_domain"):
            return [[id_] for id_ in self._anywhere()]
        if answer.status == "not_in_document":
            return [[id_] for id_ in dict.fromkeys((*cited, *answer.nearest))]
        if not cited:
            return [[id_] for id_ in answer.retrieved]
        main = self._document.section_by_id[cited[0]]
        neighbours = [id_ for id_ in self._neighbours(main) if id_ not in cited]
        related = [id_ for id_ in answer.retrieved if id_ not in cited]
        return [[main.id], neighbours, related]

    def _cited_sections(self) -> list[str]:
        """Section ids in the order of the answer's citations."""
        sentences = self._document.sentence_by_id
        return list(dict.fromkeys(sentences[c.sentence].section for c in self._answer.citations))

    def _neighbours(self, main: Section) -> list[str]:
        """The other sections of its programme or of the front, nearest first, later ones before."""
        ids = [s.id for s in self._document.sections if s.programme == main.programme]
        here = ids.index(main.id)
        others = (i for i in range(len(ids)) if i != here)
        return [ids[i] for i in sorted(others, key=lambda i: (abs(i - here), i < here))]

    def _anywhere(self) -> list[str]:
        """One section of each programme, others after each question."""
        programmes = self._document.programmes
        chosen = [p.sections[self._turn % len(p.sections)] for p in programmes if p.sections]
        start = self._turn % max(1, len(chosen))
        return [*chosen[start:], *chosen[:start]]

    def _first(self, sections: Sequence[str]) -> Suggestion | None:
        """What the first section that has something new tells on what was asked last."""
        for id_ in sections:
            section = self._document.section_by_id[id_]
            if self._programme is not None and section.programme != self._programme:
                continue
            listed = _known(section, self._answer.language)
            if fresh := [known.text for known in listed if self._is_new(section, known)]:
                return Suggestion(max(fresh, key=self._nearness), id_)
        return None

    def _nearness(self, text: str) -> int:
        """How many topic words it has in common with what was asked last."""
        return len(self._topic & _topic(text, self._answer.language))

    def _is_new(self, section: Section, known: Known) -> bool:
        answered = {f"{section.id}:{ordinal}" for ordinal in known.ordinals} <= self._cited
        language = self._answer.language
        return not answered and not any(_alike(known.text, seen, language) for seen in self._seen)


def _alike(text: str, other: str, language: Language) -> bool:
    """Whether two questions ask for the same, as far as their topic words tell."""
    if fold(text) == fold(other):
        return True
    topic, other_topic = _topic(text, language), _topic(other, language)
    return len(topic & other_topic) >= ALIKE * max(1, len(topic | other_topic))


@lru_cache(maxsize=2048)
def _topic(text: str, language: Language) -> frozenset[str]:
    languages: tuple[Language, ...] = ("es",) if language == "zh" else (language,)
    units = (word_units(word, languages) for word in content_words(text))
    return frozenset(chain.from_iterable(units))


def _known(section: Section, language: Language) -> tuple[Known, ...]:
    """The questions about the section of that title; of a lost title, about that number."""
    by_title, by_id = read()
    listed = by_title.get(section.title) or (by_id.get(section.id) if section.restored else None)
    return listed[language] if listed else ()


Listed = Mapping[str, Mapping[Language, tuple[Known, ...]]]


@cache
def read(file: Path = FILE) -> tuple[Listed, Listed]:
    """Title → language → questions, and the same by section id.

    Raises:
        SourceError: the file is not valid.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        listings = TypeAdapter(dict[str, _Listing]).validate_python(table)
        by_id = {id_: _parsed(listing) for id_, listing in listings.items()}
    except (OSError, ValueError, ValidationError) as error:
        raise SourceError(
            f"El archivo {file} no es válido: {str(error).splitlines()[0]}.",
            remedy="Corríjalo o restáurelo con `git checkout -- rag/answer/data`.",
        ) from error
    return {listing.title: by_id[id_] for id_, listing in listings.items()}, by_id


def _parsed(listing: _Listing) -> Mapping[Language, tuple[Known, ...]]:
    """The lines of each language, `question → ordinals`."""
    return {
        language: tuple(_entry(line) for line in getattr(listing, language))
        for language in LANGUAGES
    }


def _entry(line: str) -> Known:
    text, _, ordinals = line.partition(ARROW)
    return Known(text.strip(), tuple(map(int, ordinals.split())))
