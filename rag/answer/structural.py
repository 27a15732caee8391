"""Answers about the document's structure: outlines, lists, counts, places; exact, and cited."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from rag.answer.composition import Composition, anchor
from rag.answer.frames import escape, frame, place
from rag.answer.listing import NameLister
from rag.corpus.names import ProperName
from rag.domain import Document, Draft, Language, Section, Sentence
from rag.search.ordering import placed
from rag.search.places import Places
from rag.search.requests import Request
from rag.search.topics import Topics

_COMPARED = 2

_ROMAN = re.compile("[IVX]+")
_PROGRAMMES = re.compile(r"\bprogramas\b", re.IGNORECASE)

MAX_OVERVIEW = 4
"""Quoted sentences of a section that is to be summed up."""


MAX_ON_TOPIC = 2
"""Quoted sentences of each programme on a topic that they are compared by."""


class StructuralAnswerer:
    """Drafts answers to structural questions."""

    def __init__(
        self, document: Document, names: Sequence[ProperName], topics: Topics, places: Places
    ) -> None:
        """Take the curated proper names and how topics are looked up."""
        self._document = document
        self._lister = NameLister(document, names, topics, places)
        self._topics = topics
        self._places = places

    def draft(self, request: Request, language: Language) -> Draft | None:
        """The answer; `None` where the document has nothing of what is asked for."""
        composition = Composition()
        composers = {
            "outline": self._outline,
            "count": self._count,
            "programme_of": self._located,
            "section_of": self._located,
            "mentions": self._mentions,
            "names": self._listed_names,
            "compare": self._compare,
            "overview": self._overview,
        }
        composers[request.kind](request, language, composition)
        draft = composition.draft()
        return draft if draft.sentences else None

    def _outline(self, request: Request, language: Language, out: Composition) -> None:
        if request.order:
            if ids := placed(request, self._document, self._topics):
                self._located(replace(request, sections=tuple(ids)), language, out)
            elif request.sections:
                out.say(frame(language, "no_neighbour"))
                self._items([self._document.section_by_id[id_] for id_ in request.sections], out)
            return
        fronts = [section for section in self._document.sections if section.programme is None]
        if request.is_of_parts and fronts:
            out.say(frame(language, "parts_before", count=str(len(fronts))))
            self._items(fronts, out)
        elif request.sections:
            self._items([self._document.section_by_id[id_] for id_ in request.sections], out)
        if request.programmes:
            self._headings(request.programmes, language, out)
        elif request.is_of_programmes:
            self._programmes(language, out)

    def _programmes(self, language: Language, out: Composition) -> None:
        programmes = self._document.programmes
        listing = "\n".join(f"- {p.number}. {escape(p.title)}" for p in programmes)
        out.say(f"{frame(language, 'programmes', count=str(len(programmes)))}\n\n{listing}")
        if introduction := self._introduction:
            out.quote(introduction)

    def _headings(self, programmes: Sequence[int], language: Language, out: Composition) -> None:
        for number in programmes:
            programme = self._document.programme_by_number[number]
            count = str(len(programme.sections))
            out.say(frame(language, "sections", programme=escape(programme.title), count=count))
            self._items([self._document.section_by_id[id_] for id_ in programme.sections], out)

    def _items(self, sections: Sequence[Section], out: Composition) -> None:
        for section in sections:
            if cited := anchor(section):
                out.item(self._document.label(section), cited)

    def _count(self, request: Request, language: Language, out: Composition) -> None:
        if request.names:
            self._listed_names(request, language, out)
        elif request.programmes:
            numbers = [
                len(self._document.programme_by_number[n].sections) for n in request.programmes
            ]
            if len(numbers) > 1:
                out.say(frame(language, "sum", count=str(sum(numbers))))
            self._headings(request.programmes, language, out)
        elif request.is_of_programmes:
            self._programmes(language, out)
        else:
            self._totals(language, out)

    def _totals(self, language: Language, out: Composition) -> None:
        """How many sections there are, and how many each programme has: its last one shows it."""
        programmes = self._document.programmes
        fronts = [section.id for section in self._document.sections if section.programme is None]
        counts = {
            "total": len(self._document.sections),
            "count": len(self._document.sections) - len(fronts),
            "programmes": len(programmes),
            "parts": len(fronts),
            "roman": sum(_ROMAN.fullmatch(id_) is not None for id_ in fronts),
        }
        out.say(frame(language, "all_sections", **{key: str(n) for key, n in counts.items()}))
        for programme in programmes:
            counted = str(len(programme.sections))
            out.say(frame(language, "last", programme=escape(programme.title), count=counted))
            self._items([self._document.section_by_id[programme.sections[-1]]], out)

    def _located(self, request: Request, language: Language, out: Composition) -> None:
        """The programme of a section, or of what treats a topic best, with its heading."""
        ids = request.sections or self._topics.sections_of(request.topic)
        sections = [self._document.section_by_id[id_] for id_ in ids]
        for number in dict.fromkeys(section.programme for section in sections):
            if number is None:
                out.say(frame(language, "no_programme"))
            else:
                title = escape(self._document.programme_by_number[number].title)
                out.say(frame(language, "part_of", programme=title))
            self._items([section for section in sections if section.programme == number], out)
        for section in sections if not request.sections else ():
            for found in self._topics.sentences_of(request.topic, section.id)[:1]:
                out.quote(self._document.sentence_by_id[found])

    def _mentions(self, request: Request, language: Language, out: Composition) -> None:
        found = [s for s in self._places.of(request.parts) if self._lister.is_inside(s, request)]
        if not found:
            return
        out.say(self._mention_count(found, request, language))
        for sentence in found:
            section = self._document.section_by_id[sentence.section]
            out.item(f"{self._document.breadcrumb(section)}: «{sentence.text}»", sentence)

    def _mention_count(
        self, found: Sequence[Sentence], request: Request, language: Language
    ) -> str:
        """In how many places and sections it is named and, in the whole document, how often."""
        is_whole = not request.programmes and not request.sections
        times = self._places.times(request.parts) if is_whole else None
        if len(found) == 1 and times in (None, 1):
            return frame(language, "mentions_once")
        counts = {
            "count": str(len(found)),
            "sections": str(len({sentence.section for sentence in found})),
        }
        if times is None:
            return frame(language, "mentions", **counts)
        return frame(language, "mentions_times", times=str(times), **counts)

    @cached_property
    def _introduction(self) -> Sentence | None:
        """The sentence before the programmes that speaks of them."""
        fronts = [section for section in self._document.sections if section.programme is None]
        sentences = [sentence for section in fronts[-1:] for sentence in section.sentences]
        return next((s for s in sentences if _PROGRAMMES.search(s.text)), None)

    def _listed_names(self, request: Request, language: Language, out: Composition) -> None:
        listed = self._lister.listed(request)
        if not listed:
            return
        is_counted = len(listed) > 1 or request.kind == "count"
        count = str(len({name for name, _ in listed}))
        out.say(frame(language, "names" if is_counted else "names_once", count=count))
        for name, sentence in listed:
            section = self._document.section_by_id[sentence.section]
            out.item(f"{name} ({self._document.breadcrumb(section)})", sentence)

    def _compare(self, request: Request, language: Language, out: Composition) -> None:
        ids, programmes = request.sections, request.programmes
        if len(ids) + len(programmes) < _COMPARED:
            ids, programmes = self._topics.pair_of(request), ()
        elif request.parts and not ids and self._on_topic(request, language, out):
            return
        if ids or programmes:
            out.say(frame(language, "compared"))
        for id_ in ids:
            self._summary(self._document.section_by_id[id_], language, out)
        self._headings(programmes, language, out)

    def _on_topic(self, request: Request, language: Language, out: Composition) -> bool:
        """What each of the programmes says on one topic, if they all have something."""
        topic = " ".join(request.parts)
        found = [self._topics.inside(number, topic)[:MAX_ON_TOPIC] for number in request.programmes]
        if not all(found):
            return False
        out.say(frame(language, "compared"))
        for ids in found:
            sentences = [self._document.sentence_by_id[id_] for id_ in ids]
            section = self._document.section_by_id[sentences[0].section]
            out.say(frame(language, "overview", place=place(self._document, section, language)))
            for sentence in sentences:
                out.quote(sentence)
        return True

    def _overview(self, request: Request, language: Language, out: Composition) -> None:
        ids = request.sections
        if not ids and not request.programmes:
            ids = tuple(self._topics.sections_of(request.topic))
        for id_ in ids:
            self._summary(self._document.section_by_id[id_], language, out)
        self._headings(request.programmes, language, out)

    def _summary(self, section: Section, language: Language, out: Composition) -> None:
        """A section in its own words: the first sentence of each paragraph, then more in order."""
        out.say(frame(language, "overview", place=place(self._document, section, language)))
        leads = [paragraph.sentences[0] for paragraph in section.paragraphs if paragraph.sentences]
        others = [sentence for sentence in section.sentences if sentence not in leads]
        chosen = [*leads, *others][:MAX_OVERVIEW]
        for sentence in sorted(chosen, key=lambda s: s.ordinal):
            out.quote(sentence)
