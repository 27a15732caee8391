"""Every sentence of a reply against the document: verdicts, citations, what was rejected."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.protocol import Reply, Statement
from rag.answer.support import SupportJudge
from rag.answer.verification import MIN_QUOTE, Verifier
from rag.domain import (
    AnswerSentence,
    Citation,
    Document,
    DraftCitation,
    Language,
    Problem,
    Sentence,
    SentenceVerdict,
)

MAX_STATEMENTS = 40
"""Statements of a reply that are looked up; a longer one is no answer."""

CANDIDATES = 4
"""Sentences that a statement without ids is tried on, best first."""

MAX_MERGED = 2
"""Neighbouring hits that together may back one statement without ids."""

MIN_QUOTED_WORDS = 5
"""In an answer that is not Spanish, fewer words in quotation marks are a name, not a quote."""

_QUOTE = re.compile(r"«([^«»]{2,})»|“([^“”]{2,})”|「([^「」]{2,})」|\"([^\"]{2,})\"")


@dataclass(frozen=True, slots=True)
class Checked:
    """A reply after its check."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    """In reading order, each once."""
    rejected: tuple[Citation, ...]

    @property
    def statements(self) -> tuple[AnswerSentence, ...]:
        """What had to be backed: everything but headings."""
        return tuple(s for s in self.sentences if s.verdict != "frame")

    @property
    def supported(self) -> int:
        """How many of the statements are backed."""
        return sum(sentence.verdict == "supported" for sentence in self.statements)

    @property
    def is_mostly_supported(self) -> bool:
        """Whether at least half of the statements are backed, and one at all."""
        return self.supported > 0 and 2 * self.supported >= len(self.statements)

    @property
    def is_aligned(self) -> bool:
        """Whether the program found some of the citations."""
        return any(sentence.aligned for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class _Ids:
    """What became of a statement's ids."""

    cited: tuple[Sentence, ...] = ()
    sections: tuple[str, ...] = ()
    """Sections that were named without a sentence."""
    unknown: tuple[str, ...] = ()


class ReplyChecker:
    """Checks replies against one document."""

    def __init__(self, document: Document, verifier: Verifier, judge: SupportJudge) -> None:
        """Take what looks up quotes and what weighs statements."""
        self._document = document
        self._verifier = verifier
        self._judge = judge

    def check(self, reply: Reply, language: Language) -> Checked:
        """The verdict on every statement; `language` is that of the reply."""
        sentences: list[AnswerSentence] = []
        citations: list[Citation] = []
        rejected: list[Citation] = []
        for statement in reply.statements[:MAX_STATEMENTS]:
            quotes = [self._quote(q, statement) for q in _quotes(statement.text, language)]
            ids = self._ids(statement)
            sentence = self._sentence(statement, ids, quotes, language)
            sentences.append(sentence)
            citations += [q for q in quotes if q.verdict != "not_found"]
            citations += [self._whole(self._document.sentence_by_id[c]) for c in sentence.citations]
            rejected += [q for q in quotes if q.verdict == "not_found"]
            rejected += [Citation("", id_, 0, 0, "not_found", _section(id_)) for id_ in ids.unknown]
        for statement in reply.statements[MAX_STATEMENTS:]:
            sentences.append(AnswerSentence(statement.text, "uncited"))
        return Checked(tuple(sentences), _once(citations), tuple(dict.fromkeys(rejected)))

    def _sentence(
        self, statement: Statement, ids: _Ids, quotes: Sequence[Citation], language: Language
    ) -> AnswerSentence:
        if statement.form == "heading" and not statement.ids:
            return self._heading(statement, language)
        problems: list[Problem] = ["quote"] if any(q.verdict == "not_found" for q in quotes) else []
        standing = [self._document.sentence_by_id[q.sentence] for q in quotes if q.sentence]
        cited = tuple(dict.fromkeys((*ids.cited, *standing)))
        if ids.unknown and not cited:
            problems.append("unknown_id")
        if cited:
            problems += self._judge.judge(statement.text, language, cited).problems
            verdict: SentenceVerdict = "unsupported" if problems else "supported"
            return AnswerSentence(
                statement.text, verdict, tuple(s.id for s in cited), problems=tuple(problems)
            )
        found = self._aligned(statement.text, language, ids.sections)
        if problems or not found:
            verdict = "unsupported" if problems or ids.sections else "uncited"
            aligned = bool(found)
            return AnswerSentence(statement.text, verdict, tuple(found), aligned, tuple(problems))
        return AnswerSentence(statement.text, "supported", tuple(found), aligned=True)

    def _heading(self, statement: Statement, language: Language) -> AnswerSentence:
        """A heading claims nothing but its numbers and names, which the document must have."""
        is_known = self._judge.is_of_document(statement.text, language)
        return AnswerSentence(statement.text, "frame" if is_known else "uncited")

    def _aligned(self, text: str, language: Language, sections: Sequence[str]) -> list[str]:
        """The fewest of the best found sentences that back a statement by themselves."""
        found = [
            self._document.sentence_by_id[id_]
            for id_ in self._judge.nearest(text)
            if not sections or self._document.sentence_by_id[id_].section in sections
        ][:CANDIDATES]
        attempts = [[sentence] for sentence in found]
        if len(found) >= MAX_MERGED:
            attempts.append(found[:MAX_MERGED])
        for attempt in attempts:
            if self._judge.judge(text, language, attempt).holds:
                return [sentence.id for sentence in attempt]
        return []

    def _ids(self, statement: Statement) -> _Ids:
        known = self._document.sentence_by_id
        sections = self._document.section_by_id
        cited = tuple(known[id_] for id_ in statement.ids if id_ in known)
        named = tuple(id_ for id_ in statement.ids if id_ in sections)
        unknown = tuple(id_ for id_ in statement.ids if id_ not in known and id_ not in sections)
        headed = (s for s in unknown if s.endswith(":0") and _section(s) in sections)
        return _Ids(cited, (*named, *map(_section, headed)), unknown)

    def _quote(self, quote: str, statement: Statement) -> Citation:
        claims = tuple(dict.fromkeys(map(_section, statement.ids))) or ("",)
        found = [self._verifier.verify(DraftCitation(claimed, quote)) for claimed in claims]
        best = next((f for f in found if f.verdict == "verified"), found[0])
        if best.verdict == "moved" and not statement.ids:
            return self._verifier.verify(DraftCitation(_section(best.sentence), quote))
        return best

    def _whole(self, sentence: Sentence) -> Citation:
        return self._verifier.verify(DraftCitation(sentence.section, sentence.text))


def _quotes(text: str, language: Language) -> Iterator[str]:
    """What stands in quotation marks and is long enough to be a quote."""
    for match in _QUOTE.finditer(text):
        quote = next(group for group in match.groups() if group)
        is_long = len(quote) >= MIN_QUOTE
        if is_long and (language == "es" or len(quote.split()) >= MIN_QUOTED_WORDS):
            yield quote


def _section(id_: str) -> str:
    return id_.partition(":")[0]


def _once(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Each place once, as it was first cited; a quote before the sentence around it."""
    by_place: dict[tuple[str, str], Citation] = {}
    for citation in citations:
        by_place.setdefault((citation.sentence, citation.verdict), citation)
    return tuple(by_place.values())
