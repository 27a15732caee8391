"""Answers about the document's structure: outlines, lists, counts, places; exact, and cited."""

from collections.abc import Callable, Mapping, Sequence

from rag.answer.composition import Composition, anchor
from rag.answer.frames import escape, frame, place
from rag.corpus.names import occurrences
from rag.domain import Document, Draft, Language, Section, Sentence
from rag.search.structure import Request

SectionsOf = Callable[[str], Sequence[str]]
"""Topic → ids of the sections that treat it, best first."""

PlacesOf = Callable[[str], Sequence[Sentence]]
"""Topic → every sentence or heading that names it, in document order."""

MAX_OVERVIEW = 4
"""Quoted sentences of a section that is to be summed up."""


class StructuralAnswerer:
    """Drafts answers to structural questions."""

    def __init__(
        self,
        document: Document,
        names: Mapping[str, list[str]],
        sections_of: SectionsOf,
        places_of: PlacesOf,
    ) -> None:
        """Take the curated proper names and how topics are looked up."""
        self._document = document
        self._names = names
        self._sections_of = sections_of
        self._places_of = places_of

    def draft(self, request: Request, language: Language) -> Draft | None:
        """The answer; `None` where the document has nothing of what is asked for."""
        composition = Composition()
        composers = {
            "programmes": self._programmes,
            "sections": self._sections,
            "count": self._count,
            "programme_of": self._programme_of,
            "mentions": self._mentions,
            "names": self._listed_names,
            "compare": self._compare,
            "overview": self._overview,
        }
        composers[request.kind](request, language, composition)
        draft = composition.draft()
        return draft if draft.sentences else None

    def _programmes(self, request: Request, language: Language, out: Composition) -> None:
        programmes = self._document.programmes
        listing = "\n".join(f"- {p.number}. {escape(p.title)}" for p in programmes)
        out.say(f"{frame(language, 'programmes', count=str(len(programmes)))}\n\n{listing}")

    def _sections(self, request: Request, language: Language, out: Composition) -> None:
        if request.kind == "sections" and request.sections:
            count = str(len(request.sections))
            out.say(frame(language, "parts_before", count=count))
            self._items([self._document.section_by_id[id_] for id_ in request.sections], out)
        for number in request.programmes:
            programme = self._document.programme_by_number[number]
            count = str(len(programme.sections))
            out.say(frame(language, "sections", programme=escape(programme.title), count=count))
            self._items([self._document.section_by_id[id_] for id_ in programme.sections], out)

    def _items(self, sections: Sequence[Section], out: Composition) -> None:
        for section in sections:
            if cited := anchor(section):
                out.item(self._document.label(section), cited)

    def _count(self, request: Request, language: Language, out: Composition) -> None:
        if request.counted == "names":
            self._listed_names(request, language, out)
        elif request.counted == "programmes":
            self._programmes(request, language, out)
        elif request.programmes:
            numbers = [
                len(self._document.programme_by_number[n].sections) for n in request.programmes
            ]
            if len(numbers) > 1:
                out.say(frame(language, "sum", count=str(sum(numbers))))
            self._sections(request, language, out)
        else:
            count = str(len(self._document.sections))
            out.say(frame(language, "all_sections", count=count))
            for programme in self._document.programmes:
                counted = str(len(programme.sections))
                title = escape(programme.title)
                out.say(frame(language, "sections", programme=title, count=counted).rstrip("：:"))

    def _programme_of(self, request: Request, language: Language, out: Composition) -> None:
        ids = request.sections or self._sections_of(request.topic)
        sections = [self._document.section_by_id[id_] for id_ in ids]
        for number in dict.fromkeys(section.programme for section in sections):
            if number is None:
                out.say(frame(language, "no_programme"))
            else:
                title = escape(self._document.programme_by_number[number].title)
                out.say(frame(language, "part_of", programme=title))
            self._items([section for section in sections if section.programme == number], out)

    def _mentions(self, request: Request, language: Language, out: Composition) -> None:
        places = [s for s in self._places_of(request.topic) if self._is_inside(s, request)]
        if not places:
            return
        sections = len({sentence.section for sentence in places})
        out.say(frame(language, "mentions", count=str(len(places)), sections=str(sections)))
        for sentence in places:
            section = self._document.section_by_id[sentence.section]
            out.item(f"{self._document.breadcrumb(section)}: «{sentence.text}»", sentence)

    def _is_inside(self, sentence: Sentence, request: Request) -> bool:
        section = self._document.section_by_id[sentence.section]
        if request.sections and section.id not in request.sections:
            return False
        return not request.programmes or section.programme in request.programmes

    def _listed_names(self, request: Request, language: Language, out: Composition) -> None:
        found = occurrences(self._document, self._names.get(request.names or "", []))
        inside = [
            (name, sentence) for name, sentence in found if self._is_inside(sentence, request)
        ]
        if not inside:
            return
        count = len({name for name, _ in inside})
        out.say(frame(language, "names", count=str(count)))
        for name, sentence in inside:
            section = self._document.section_by_id[sentence.section]
            out.item(f"{name} ({self._document.breadcrumb(section)})", sentence)

    def _compare(self, request: Request, language: Language, out: Composition) -> None:
        found = (id_ for topic in request.topics for id_ in self._sections_of(topic)[:1])
        ids = request.sections or tuple(dict.fromkeys(found))
        if ids:
            out.say(frame(language, "compared"))
        for id_ in ids:
            self._summary(self._document.section_by_id[id_], language, out)
        for number in request.programmes:
            self._overview(Request("overview", programmes=(number,)), language, out)

    def _overview(self, request: Request, language: Language, out: Composition) -> None:
        for id_ in request.sections:
            self._summary(self._document.section_by_id[id_], language, out)
        self._sections(request, language, out)

    def _summary(self, section: Section, language: Language, out: Composition) -> None:
        """A section in its own words: the first sentence of each paragraph, then more in order."""
        out.say(frame(language, "overview", place=place(self._document, section, language)))
        leads = [paragraph.sentences[0] for paragraph in section.paragraphs if paragraph.sentences]
        others = [sentence for sentence in section.sentences if sentence not in leads]
        chosen = [*leads, *others][:MAX_OVERVIEW]
        for sentence in sorted(chosen, key=lambda s: s.ordinal):
            out.quote(sentence)
