"""Questions about the document's structure, read by rules."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.domain import Document
from rag.search.normalisation import fold, stopwords
from rag.search.patterns import pattern, tables
from rag.search.references import Named, ReferenceReader

Kind = Literal[
    "programmes", "sections", "count", "programme_of", "mentions", "names", "compare", "overview"
]
Counted = Literal["programmes", "sections", "names"]

_NUMBER = re.compile(r"\d{1,2}")
_MIN_COMPARED = 2


@dataclass(frozen=True, slots=True)
class Request:
    """A structural question, understood."""

    kind: Kind
    sections: tuple[str, ...] = ()
    """The sections it names, in the order of the question."""
    programmes: tuple[int, ...] = ()
    topic: str = ""
    """What is looked for, folded."""
    topics: tuple[str, ...] = ()
    """What is compared, folded, where no number names it."""
    names: str | None = None
    """Class of proper names asked for."""
    counted: Counted | None = None


def _has(table: str, key: str, text: str) -> bool:
    return pattern("structure", table, key).search(text) is not None


class StructureReader:
    """Recognises structural questions about one document."""

    def __init__(self, document: Document) -> None:
        """Take the document whose programmes and sections are asked about."""
        self._references = ReferenceReader(document)
        self._fronts = tuple(s.id for s in document.sections if s.programme is None)

    def read(self, question: str) -> Request | None:
        """What the question asks of the structure; `None` where it asks about content."""
        named = self._references.read(fold(question))
        readers = (
            self._front,
            self._count,
            self._compare,
            self._programme_of,
            self._mentions,
            self._names,
            self._listing,
            self._overview,
        )
        return next((request for reader in readers if (request := reader(named))), None)

    def programmes_in(self, question: str) -> tuple[tuple[int, ...], str]:
        """The programmes that a question names, and the folded question without their names."""
        return self._references.programmes(fold(question))

    @staticmethod
    def asks_programme(folded: str) -> bool:
        """Whether a folded question asks to which programme something belongs."""
        return _has("intents", "which_programme", folded)

    @staticmethod
    def without_programme(folded: str) -> str:
        """The folded question without the words that ask for a programme."""
        return pattern("structure", "intents", "which_programme").sub(" ", folded)

    @classmethod
    def without_talk(cls, folded: str) -> str:
        """The folded question without words that only ask about the document."""
        return cls._topic(folded, "intents.enumerate", "intents.mention_verb", "words.section")

    def _front(self, named: Named) -> Request | None:
        """The parts before the first programme."""
        asks = _has("intents", "enumerate", named.text) or _has("intents", "count", named.text)
        if not (asks and _has("links", "before", named.text) and _has("words", "part", named.text)):
            return None
        return Request("sections", sections=self._fronts) if self._fronts else None

    def _count(self, named: Named) -> Request | None:
        if not _has("intents", "count", named.text) or named.sections:
            return None
        left = self._topic(named.rest, "intents.count", "words.programme", "words.section")
        if _has("words", "section", named.rest) and not left:
            return Request("count", programmes=named.programmes, counted="sections")
        if _has("words", "programme", named.rest) and not named.programmes and not left:
            return Request("count", counted="programmes")
        names = self._class(named.rest)
        if names and not self._topic(
            named.rest, "intents.count", f"names.{names}", "intents.mention_verb"
        ):
            return Request("count", programmes=named.programmes, names=names, counted="names")
        return None

    def _compare(self, named: Named) -> Request | None:
        if not _has("intents", "compare", named.text):
            return None
        if len(named.sections) + len(named.programmes) >= _MIN_COMPARED:
            return Request("compare", named.sections, named.programmes)
        if named.sections or named.programmes:
            return None
        topics = self._compared(named.rest)
        return Request("compare", topics=topics) if len(topics) == _MIN_COMPARED else None

    def _compared(self, text: str) -> tuple[str, ...]:
        """The two topics of a comparison; none where the text has no two sides."""
        flat = f" {re.sub('[,;:?¿]', ' ', text)} "
        for connector in tables("structure")["links"]["and"]:
            sides = [self._side(side) for side in re.split(connector, flat)]
            if len(sides) == _MIN_COMPARED and all(sides):
                return tuple(sides)
        return ()

    def _side(self, text: str) -> str:
        return self._topic(f" {text} ", "intents.compare", "words.section", "words.programme")

    def _programme_of(self, named: Named) -> Request | None:
        if not _has("intents", "which_programme", named.rest) or named.programmes:
            return None
        topic = self._topic(
            named.rest, "intents.which_programme", "intents.mention_verb", "intents.enumerate"
        )
        if topic or named.sections:
            return Request("programme_of", named.sections, topic=topic)
        return None

    def _mentions(self, named: Named) -> Request | None:
        if named.sections or not (
            _has("intents", "mention", named.text) and _has("intents", "mention_verb", named.text)
        ):
            return None
        topic = self._topic(named.rest, "intents.mention", "intents.mention_verb")
        return Request("mentions", programmes=named.programmes, topic=topic) if topic else None

    def _names(self, named: Named) -> Request | None:
        names = self._class(named.rest)
        if names is None or not _has("intents", "enumerate", named.text):
            return None
        left = self._topic(
            named.rest, f"names.{names}", "intents.enumerate", "intents.mention_verb"
        )
        return None if left else Request("names", named.sections, named.programmes, names=names)

    def _listing(self, named: Named) -> Request | None:
        if named.sections or not _has("intents", "enumerate", named.text):
            return None
        left = self._topic(
            named.rest, "intents.enumerate", "words.programme", "words.section", "intents.overview"
        )
        if left:
            return None
        if named.programmes and _has("words", "section", named.rest):
            return Request("sections", programmes=named.programmes)
        if not named.programmes and _has("words", "programme", named.rest):
            return Request("programmes")
        return None

    def _overview(self, named: Named) -> Request | None:
        if not named.sections and not named.programmes:
            return None
        left = self._topic(
            named.rest, "intents.overview", "intents.enumerate", "words.programme", "words.section"
        )
        return None if left else Request("overview", named.sections, named.programmes)

    def _class(self, text: str) -> str | None:
        """The first class of proper names that the text names."""
        found = [
            (match.start(), key)
            for key in tables("structure")["names"]
            if (match := pattern("structure", "names", key).search(text))
        ]
        return min(found)[1] if found else None

    @staticmethod
    def _topic(text: str, *patterns: str) -> str:
        """What is left of the text without those patterns, stop words and talk about documents."""
        for name in patterns:
            text = pattern("structure", *name.split(".")).sub(" ", text)
        stop = stopwords() | _filler()
        words = re.findall(r"[a-z0-9]+|[\u3400-\u9fff]+", text)
        han_filler = re.compile(tables("structure")["filler"]["han"])
        kept = (word if word.isascii() else han_filler.sub("", word) for word in words)
        return " ".join(
            word for word in kept if word and word not in stop and not _NUMBER.fullmatch(word)
        )


@cache
def _filler() -> frozenset[str]:
    return frozenset(tables("structure")["filler"]["latin"].split())
