"""What a chat model wrote: statements, each with the sentence ids that it claims.

Tolerant of everything that models do around an answer. A reading depends on the text alone, never
on how a stream cut it into pieces.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.refusals import is_refusal, is_token
from rag.answer.thoughts import answer_part, tamed
from rag.corpus import sentences
from rag.search.normalisation import fold, is_han, words

Form = Literal["sentence", "item", "heading"]

MAX_TITLE_WORDS = 6
"""A longer line claims something, however it is set."""

HAN_PER_WORD = 2

MAX_RANGE = 12
"""Sentences that a range such as `[2.5:1-4]` may name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, list item or table row of a reply, or a heading above some."""

    text: str
    """As the model wrote it, without its ids and Markdown marks."""
    ids: tuple[str, ...]
    """As claimed: `2.5:3`, or `2.5` where no sentence was named."""
    form: Form = "sentence"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was read."""

    statements: tuple[Statement, ...]
    is_refusal: bool
    """Whether it says that the document does not say it."""

    @property
    def whole(self) -> "Reply":
        """Without a last statement that was broken off before its stop or its ids."""
        last = self.statements[-1:]
        is_half = any(not s.ids and not _STOPPED.search(s.text) for s in last)
        return replace(self, statements=self.statements[:-1]) if is_half else self


def read(raw: str, *, is_complete: bool = True) -> Reply:
    """The statements of a reply; of one that still arrives, those that can be told already.

    >>> read("<think>hm</think>Apoya la energía solar [2.5:3]. Y el gas (2.5:2, 2.5:4).").statements
    ... # doctest: +NORMALIZE_WHITESPACE
    (Statement(text='Apoya la energía solar.', ids=('2.5:3',), form='sentence'),
     Statement(text='Y el gas.', ids=('2.5:2', '2.5:4'), form='sentence'))
    """
    text = answer_part(raw)
    if not is_complete:
        text = _HALF.sub("", text)
        if _FENCE.sub("", text).lstrip().startswith("{"):
            text = ""
    lines = _unwrapped(text).splitlines()
    titled = {n - 1 for n, line in enumerate(lines) if n and "|" in line and _RULE.fullmatch(line)}
    found: list[Statement] = []
    for number, line in enumerate(lines):
        if found and (ids := _ids_alone(line)):
            found[-1] = replace(found[-1], ids=tuple(dict.fromkeys((*found[-1].ids, *ids))))
        else:
            found.extend(_of_line(line, is_title=number in titled))
    if _refuses(found):
        return Reply(tuple(found), is_refusal=True)
    return Reply(tuple(s for s in found if not is_token(s.text)), is_refusal=False)


_HALF = re.compile(
    r"(?:<\|(?:start|end|channel|message)\|>\w*(?:<[|\w]*)?|[<◁][/|\w]*|[\[(【（［〔][^\])】）］〕\n]{0,80}"
    r"|(?<![\w.,:：])(?:\d(?:\.\d{0,2})?|I{1,3}|p(?:r(?:[oó](?:l(?:o(?:go?)?)?)?)?)?)\s*[:：]?\s*\d?"
    r"|\A\W*N(?:O(?:T\w*)?)?)\Z",
    re.IGNORECASE,
)
"""What may become a tag, an id or NOT_IN_DOCUMENT when more arrives."""

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)\w*[ \t]*$", re.MULTILINE)
_LABEL = re.compile(
    r"\A\s*(?:\*\*)?(?:respuesta|answer|resposta|回答|答案|答)(?:\*\*)?\s*[:：](?:\*\*)?\s*",
    re.IGNORECASE,
)


def _unwrapped(text: str) -> str:
    """The answer without code fence, JSON or label around it."""
    bare = _FENCE.sub("", text).strip()
    if bare.startswith("{"):
        bare = _from_json(bare)
    return _LABEL.sub("", bare)


def _from_json(text: str) -> str:
    """The longest string of a JSON object; the text itself where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(value, dict):
        return text
    strings = [tamed(found) for found in value.values() if isinstance(found, str)]
    beside = [i for found in value.values() if isinstance(found, list) for i in found]
    ids = [found for found in beside if isinstance(found, str) and _PLAIN_ID.fullmatch(found)]
    answer = max(strings, key=len, default=text)
    return f"{answer} [{', '.join(ids)}]" if ids else answer


# Possessive (`*+`) where two neighbours could share white space: a long list of ids that is never
# closed would take time that doubles with each of them.
_SECTION = r"(?:pr[oó]logo|(?<![A-Za-zÀ-ÿ])I{1,3}(?![A-Za-zÀ-ÿ])|\d\.\d{1,2})"
_ORDINALS = r"\d{1,2}(?:\s*[-–—]\s*(?:\d\.\d{1,2}:)?\d{1,2})?"
_ID = rf"{_SECTION}\s*[:：]\s*{_ORDINALS}"
_LEAD = (
    r"(?:\^|ids?\b\s*[:：]?|ver|v[eé]ase|see|cf\.?|fuentes?[:：]?|sources?[:：]?|fontes?[:：]?"
    r"|参见|见|来源[:：]?|secc?(?:i[oó]n|ão)?\.?|sections?|seç(?:ão|ões)|§)?\s*"
)
_GLUE = r"\s*+(?:[,;，；、|/]|\by\b|\band\b|\be\b|和|及)\s*+"
_MEMBER = rf"{_LEAD}(?:{_ID}|{_SECTION}|{_ORDINALS}(?=\s*[,;，；、\])】）］〕\-–]))"
_GROUP = re.compile(
    rf"[\[【［〔]\s*+{_LEAD}(?:{_ID}|{_SECTION})(?:{_GLUE}{_MEMBER})*+\s*[\]】］〕](?:\([^)\s]*\))?"
    rf"|[(（]\s*+{_LEAD}{_ID}(?:{_GLUE}{_MEMBER})*+\s*[)）]"
    rf"|[(（]\s*+{_LEAD}\d\.\d{{1,2}}(?:{_GLUE}{_MEMBER})*+\s*[)）](?=\s*(?:[.;,。；，)\]]|$))"
    r"|(?<![\w.,])\d\.\d{1,2}:\d{1,2}(?=\s*(?:[.;,。；，)\]【\[(]|\d\.\d|$)"
    r"|\s+(?-i:[A-ZÁÉÍÓÚÜÑ¿¡«“]))",
    re.IGNORECASE,
)
_PLAIN_ID = re.compile(_ID, re.IGNORECASE)
_PART = re.compile(
    rf"({_SECTION})(?:\s*[:：]\s*(\d{{1,2}})(?:\s*[-–—]\s*(?:\d\.\d{{1,2}}:)?(\d{{1,2}}))?)?"
    r"|(?<![\d.:])(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?(?![\d.:])",
    re.IGNORECASE,
)

_MARK = "\ue000{}\ue001"
_MARKS = re.compile("\\s*\ue000(\\d+)\ue001")
_AFTER_STOP = re.compile("([.?!。！？…]+[”»\"'’)]*)((?:\\s*\ue000\\d+\ue001)+)")
_HAN_STOP = re.compile(r"(?<=[。！？])(?=[^。！？”’」』)）])")

_BULLET = re.compile(r"^\s*(?:[-*+•·▪–]|\d{1,2}[.)、](?!\d))\s+")
_HASHES = re.compile(r"^\s*#{1,6}\s+")
_BOLD_LINE = re.compile(r"^\s*\*\*[^*]+\*\*\s*[:：]?\s*$")
_STOPPED = re.compile(r"[.?!。！？…:：]['\"”»’)）\]]*\Z")
_FULL_STOP = re.compile(r"[.?!。！？][*_]*\Z")
_SOURCES = re.compile(
    r"(?:(?:fuentes?|citas?|referencias?|sources?|citations?|references?|fontes?|citações"
    r"|来源|出处|引文|依据)\s*[:：]?)?",
    re.IGNORECASE,
)
"""What a line of ids may begin with."""
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_RULE = re.compile(r"[\s:|\-=*_]+")


def _ids_alone(line: str) -> tuple[str, ...]:
    """The ids of a line that holds nothing else, but perhaps «Sources:»; they belong above."""
    ids: list[tuple[str, ...]] = []
    left = _EMPHASIS.sub("", _GROUP.sub(lambda match: _marked(match[0], ids), line))
    is_bare = ids and _SOURCES.fullmatch(_BULLET.sub("", _MARKS.sub("", left)).strip(" .,;"))
    return tuple(id_ for group in ids for id_ in group) if is_bare else ()


def _of_line(line: str, *, is_title: bool) -> list[Statement]:
    """The statements of one line of Markdown; a table's first row is a title."""
    if not line.strip() or _RULE.fullmatch(line):
        return []
    ids: list[tuple[str, ...]] = []
    marked = _GROUP.sub(lambda match: _marked(match[0], ids), line)
    form: Form = "item" if _BULLET.match(marked) else "sentence"
    bare = _HASHES.sub("", _BULLET.sub("", marked.strip().lstrip(">").strip()))
    if bare.startswith("|") or bare.count("|") > 1:
        bare, form = _row(bare), "item"
    bare = _AFTER_STOP.sub(r"\2\1", _EMPHASIS.sub("", bare).replace("`", ""))
    is_titled = is_title or _HASHES.match(marked) is not None
    pieces = [bare] if is_titled else _pieces(bare)
    is_titled = is_titled or (_BOLD_LINE.match(marked) is not None and len(pieces) == 1)
    told = [(piece, _MARKS.sub("", piece).strip()) for piece in pieces]
    return [
        _statement(piece, ids, "heading" if _is_title(text, is_titled=is_titled) else form)
        for piece, text in told
        if text
    ]


def _is_title(text: str, *, is_titled: bool) -> bool:
    """Whether a line stands above others and claims nothing: a few words, no full stop."""
    is_open = is_titled or text.endswith((":", "：")) or "|" in text
    size = sum(len(word) / HAN_PER_WORD if is_han(word) else 1 for word in words(text))
    return is_open and size <= MAX_TITLE_WORDS and not _FULL_STOP.search(text)


def _row(line: str) -> str:
    """The cells of a table row as one text, ids that have a cell of their own behind it."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    told = [cell for cell in cells if _MARKS.sub("", cell)]
    return " ".join((" – ".join(told), *(cell for cell in cells if cell not in told)))


def _marked(group: str, ids: list[tuple[str, ...]]) -> str:
    ids.append(_ids(group))
    return _MARK.format(len(ids) - 1)


def _pieces(text: str) -> list[str]:
    """The sentences of a line; ids that follow a stop stand before it by now."""
    spans = sentences.split(text)
    return [piece for start, end in spans for piece in _HAN_STOP.split(text[start:end])]


def _statement(piece: str, ids: list[tuple[str, ...]], form: Form) -> Statement:
    claimed = [id_ for number in _MARKS.findall(piece) for id_ in ids[int(number)]]
    text = _MARKS.sub("", piece)
    return Statement(" ".join(text.split()), tuple(dict.fromkeys(claimed)), form)


def _ids(group: str) -> tuple[str, ...]:
    """The ids that a group names; a bare ordinal belongs to the section before it."""
    found: list[str] = []
    section = ""
    for match in _PART.finditer(group):
        name, first, last, bare, bare_last = match.groups()
        if name:
            section = _canonical(name)
        first, last = first or bare, last or bare_last
        if first is None:
            found.append(section)
        elif section:
            stop = min(int(last or first), int(first) + MAX_RANGE)
            found += [f"{section}:{n}" for n in range(int(first), max(stop, int(first)) + 1)]
    return tuple(dict.fromkeys(found))


def _canonical(section: str) -> str:
    folded = fold(section)
    return folded.upper() if set(folded) == {"i"} else folded


def _refuses(statements: list[Statement]) -> bool:
    return is_refusal([s.text for s in statements], has_ids=any(s.ids for s in statements))
