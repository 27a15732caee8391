"""The parts before the programmes, named in a question: «prólogo», «parte II»."""

import re
from collections.abc import Iterator, Sequence

from rag.domain import Document
from rag.search.grammar import SECTION, Token, chain, is_free
from rag.search.patterns import pattern

_CHAPTER = re.compile(r"capitulos?|chapters?|cap")
_FRONT_PARTS = ("I", "II", "III")
_ROMAN = frozenset(map(str.lower, _FRONT_PARTS))


class FrontReader:
    """Finds the parts of one document before its programmes."""

    def __init__(self, document: Document) -> None:
        """Take the document that knows which there are."""
        self._sections = document.section_by_id

    def read(self, tokens: Sequence[Token]) -> Iterator[str]:
        """The parts before the programmes: «prólogo», «parte II»."""
        for position, token in enumerate(tokens):
            ids: list[str] = []
            if token.role == "front":
                ids = ["prologo"]
                if _is_included(tokens, position):
                    token.mark = SECTION
                    continue
            elif _is_part(tokens, position):
                roles = {"cardinal", "ordinal"}
                after, before = (chain(tokens, position, step, roles) for step in (1, -1))
                found = [i for i in after or before if is_free(tokens, i)]
                values = [tokens[i].value for i in found]
                # «第三部分(III)» names it twice.
                found += [i for i in before if is_free(tokens, i) and tokens[i].value in values]
                ids = [_FRONT_PARTS[n - 1] for n in values if 0 < n <= len(_FRONT_PARTS)]
                for i in found if ids else ():
                    tokens[i].mark = SECTION
            if ids := [id_ for id_ in ids if id_ in self._sections]:
                token.mark = SECTION
                yield from ids


def _is_part(tokens: Sequence[Token], position: int) -> bool:
    """Whether it is a word for a part; a chapter is one before a Roman number: «capítulo II»."""
    token = tokens[position]
    following = [t.text for t in tokens[position + 1 : position + 3] if t.text != "."][:1]
    is_chapter = _CHAPTER.fullmatch(token.text) is not None
    is_roman = bool(following) and _ROMAN.issuperset(following)
    return token.mark is None and (token.role == "part" or (is_chapter and is_roman))


def _is_included(tokens: Sequence[Token], position: int) -> bool:
    """Whether a part is named only to say that it counts too: «preface included»."""
    before = [t.text for t in tokens[:position] if t.role not in ("link", "join")][-1:]
    after = [token.text for token in tokens[position + 1 : position + 2]]
    return any(
        pattern("references", "included", key).fullmatch(text)
        for key, texts in (("before", before), ("after", after))
        for text in texts
    )
