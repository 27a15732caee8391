"""The vocabulary that every room shares. Imports nothing of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Language = Literal["es", "en", "pt", "zh"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "pt", "zh")

CitationVerdict = Literal["verified", "moved", "stitched", "not_found"]
SentenceVerdict = Literal["supported", "unsupported", "uncited", "frame"]
Status = Literal["answered", "not_in_document", "rejected", "error"]
Reason = Literal[
    "absent_topic", "absent_detail", "false_premise", "other_document", "out_of_domain", "greeting"
]
Mode = Literal["extractive", "model"]
Problem = Literal["unknown_id", "number", "name", "wording", "negation", "modality", "quote"]
"""What is wrong with a sentence that a model wrote: what its citations do not have."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source file; `end` is exclusive, both count characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of citation: one sentence of one section."""

    id: str
    """Section id and ordinal, stable across rebuilds, e.g. `2.5:3`; ordinal 0 is the heading."""
    section: str
    ordinal: int
    paragraph: int
    """Ordinal of its paragraph in the section, from 1; 0 for a heading."""
    start: int
    """Character offset in the source file; `source[start:end] == text`."""
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of prose; `source[start:end] == text`."""

    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered subsection, or one of the front parts."""

    id: str
    """`prologo`, `I` … `III`, `1.1` … `5.6`."""
    programme: int | None
    number: int | None
    """Number within the programme; `None` for the front parts."""
    title: str
    restored: bool
    """Whether the section's own heading was lost in the source."""
    evidence: str | None
    """For a restored heading: how the loss shows, and where the wording comes from."""
    heading: Sentence | None
    """The heading where it stands in the source; `None` where it was lost."""
    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its prose in document order, the heading left out."""
        return tuple(s for paragraph in self.paragraphs for s in paragraph.sentences)

    @property
    def start(self) -> int:
        """Where its heading begins, or its prose where the heading was lost."""
        return self.heading.start if self.heading else self.paragraphs[0].start

    @property
    def end(self) -> int:
        """Where its last paragraph ends."""
        if self.paragraphs:
            return self.paragraphs[-1].end
        return self.heading.end if self.heading else 0


@dataclass(frozen=True, slots=True)
class Programme:
    """One of the five programmes."""

    number: int
    title: str
    restored: bool
    evidence: str | None
    heading: Span | None
    """Where the heading stands in the source; `None` where it was lost."""
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """The policy paper: its source text and the structure that was recovered from it."""

    source: str
    """The decoded file, every character kept, so that offsets hold for the file itself."""
    sha256: str
    """Of the file's bytes."""
    programmes: tuple[Programme, ...]
    sections: tuple[Section, ...]

    @cached_property
    def section_by_id(self) -> Mapping[str, Section]:
        """Sections in document order."""
        return {section.id: section for section in self.sections}

    @cached_property
    def programme_by_number(self) -> Mapping[int, Programme]:
        """Programmes in document order."""
        return {programme.number: programme for programme in self.programmes}

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of prose in document order, headings left out."""
        return tuple(s for section in self.sections for s in section.sentences)

    @cached_property
    def sentence_by_id(self) -> Mapping[str, Sentence]:
        """Sentences and surviving headings (`…:0`)."""
        headings = {s.heading.id: s.heading for s in self.sections if s.heading}
        return headings | {sentence.id: sentence for sentence in self.sentences}

    def programme_of(self, section: Section) -> Programme | None:
        """The section's programme; `None` for the front parts."""
        if section.programme is None:
            return None
        return self.programme_by_number[section.programme]

    def label(self, section: Section) -> str:
        """The section as people name it: `(5) Ciberseguridad`, `II. Las Relaciones …`."""
        if section.number is not None:
            return f"({section.number}) {section.title}"
        return section.title if section.id == "prologo" else f"{section.id}. {section.title}"

    def breadcrumb(self, section: Section) -> str:
        """Programme and section, e.g. `Programa de la paz › (5) Ciberseguridad`."""
        programme = self.programme_of(section)
        label = self.label(section)
        return f"{programme.title} › {label}" if programme else label

    def section_of(self, sentence_id: str) -> Section:
        """The section that a sentence or heading stands in."""
        return self.section_by_id[self.sentence_by_id[sentence_id].section]

    def in_place(self, sentence: Sentence) -> str:
        """The sentence behind the headings that it stands under."""
        return f"{self.breadcrumb(self.section_by_id[sentence.section])}. {sentence.text}"


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: neighbouring sentences of a section, with their breadcrumb."""

    id: str
    """Id of its first sentence."""
    section: str
    programme: int | None
    sentences: tuple[str, ...]
    """Sentence ids, in document order."""
    breadcrumb: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What someone asks, before anything is made of it."""

    text: str
    language: Language | None = None
    """Language of the answer's frame; `None` lets the program decide."""
    programme: int | None = None
    """Only answer from this programme."""


@dataclass(frozen=True, slots=True)
class LegScore:
    """Where one retrieval leg put a passage."""

    rank: int
    """From 1."""
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage."""

    passage: Passage
    score: float
    """The fused score; higher is better."""
    legs: Mapping[str, LegScore]
    """Rank and score in every leg that found the passage."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence id plus the quote that is shown, as checked against the whole document."""

    sentence: str
    quote: str
    start: int
    end: int
    verdict: CitationVerdict
    claimed_section: str | None = None
    """For `moved`: the section that was claimed for the quote."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and what it rests on."""

    text: str
    verdict: SentenceVerdict
    citations: tuple[str, ...] = ()
    """Sentence ids."""
    aligned: bool = False
    """Whether the program found the citation, not the model."""
    problems: tuple[Problem, ...] = ()
    """Why it is not supported, if it is not."""

    @property
    def is_backed(self) -> bool:
        """Whether it rests on what it cites, or claims nothing."""
        return self.verdict in ("supported", "frame")


@dataclass(frozen=True, slots=True)
class DraftCitation:
    """A citation as claimed by whoever drafted the answer; nothing in it is trusted."""

    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before verification."""

    text: str
    """Markdown."""
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[DraftCitation, ...]
    """Most important first."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expected failure as data."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Fallback:
    """A model was asked and could not be used; the extractive answer is shown."""

    model: str
    reason: str
    text: str | None = None
    """What the model wrote, where it wrote something."""


Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a chat model, or what it said."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """What there is to know of a chat model before it is asked."""

    name: str
    """What the operator calls it."""
    context_tokens: int
    """Question and answer together."""
    answer_tokens: int
    takes_document: bool = False
    """Whether the prompt carries the whole document where it fits."""
    repairs: bool = False
    """Whether it may mend once what is not backed."""
    rewrites: bool = False
    """Whether it makes follow-ups self-contained."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that an answer took."""

    prompt: int
    answer: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a streamed reply; the last one says how it ended."""

    text: str
    usage: Usage | None = None
    """As the server counted; only with one of the last pieces, and not from every server."""
    is_cut: bool = False
    """Whether the reply ended at the limit of tokens."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer was made with."""

    document: str
    """sha256 of the source file."""
    index: str
    """Fingerprint of the index."""
    mode: Mode = "extractive"
    model: str | None = None
    prompt: str | None = None
    """First 8 hex digits of the prompt's sha256."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    tokens: Usage | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product says to one question, every citation verified."""

    status: Status
    language: Language
    text: str
    """Markdown."""
    provenance: Provenance
    reason: Reason | None = None
    citations: tuple[Citation, ...] = ()
    """Verified, moved or stitched, most important first."""
    sentences: tuple[AnswerSentence, ...] = ()
    nearest: tuple[str, ...] = ()
    """Up to three section ids, where the document does not answer."""
    retrieved: tuple[str, ...] = ()
    """Section ids, best first."""
    rejected_citations: tuple[Citation, ...] = ()
    confidence: float | None = None
    """Estimated probability that the document answers; `None` where nothing was estimated."""
    checked_terms: tuple[str, ...] = ()
    """Words of the question that were looked for in vain."""
    understood_as: str | None = None
    """The question as interpreted, where it differs from what was typed."""
    fallback: Fallback | None = None
    error: Failure | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer in a conversation."""

    question: Question
    answer: Answer
