"""The language that a reply is written in."""

import re

from rag.answer.protocol import Reply
from rag.domain import Language
from rag.search.language import LanguageModel
from rag.search.normalisation import is_han, words

HAN_SHARE = 0.25
"""Share of Chinese characters from which a reply is Chinese; below it they are a name."""

MIN_WORDS = 4
"""With fewer words to go by, a reply counts as written in the language that was asked for."""

_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|「[^「」]*」|\"[^\"]*\"")
_HAN = re.compile(r"[\u3400-\u9fff]")


def spoken_in(reply: Reply, asked: Language, languages: LanguageModel) -> Language:
    """The language of a reply's own words, what stands in quotation marks left out."""
    text = _QUOTED.sub(" ", " ".join(statement.text for statement in reply.statements))
    letters = [character for character in text if character.isalpha()]
    if letters and len(_HAN.findall(text)) >= HAN_SHARE * len(letters):
        return "zh"
    plain = [word for word in words(text) if not is_han(word)]
    return languages.detect(" ".join(plain)) if len(plain) >= MIN_WORDS else asked
