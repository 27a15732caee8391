"""What a reasoning model thinks aloud, told from what it answers."""

import re

PRIVATE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ud800-\udfff\ue000-\uf8ff]"
)
"""Characters that no answer needs: what is shown must be what is checked. Some of them mark ids
while a reply is read."""

_BLANKS = re.compile(r"[^\S\n]{2,}")
_LINES = re.compile(r"\n{3,}")
_STOPS = re.compile(r"([.?!。！？…=_*#|>-])\1{3,}")
_TAGS = re.compile(r"(</?[a-z]{4,10}>)(?:\s*\1){2,}", re.IGNORECASE)

_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|analysis)"
_THOUGHT = re.compile(rf"<({_NAMES})\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_CLOSER = re.compile(rf"</{_NAMES}\s*>", re.IGNORECASE)
_OPENER = re.compile(rf"<{_NAMES}\b", re.IGNORECASE)

_BRACKETED = re.compile(r"[\[◁](/?)think[\]▷]", re.IGNORECASE)
"""Mistral's `[THINK]` and Kimi's `◁think▷`."""

_ANSWERING = re.compile(r"<\|channel\|>final<\|message\|>")
_THINKING = re.compile(r"<\|channel\|>(?:analysis|commentary)")
_TOKEN = re.compile(r"<\|[a-z_]{1,24}\|>(?:assistant(?=<\|))?")
"""The harmony format of gpt-oss, where a server passes it on."""


def tamed(text: str) -> str:
    """The text without characters that hide, runs of one character short.

    A small model that loops writes dots, blanks or tags without end, and reading them would cost
    more than the answer.
    """
    text = _BLANKS.sub(" ", PRIVATE.sub("", text))
    return _TAGS.sub(r"\1", _STOPS.sub(r"\1\1\1", _LINES.sub("\n\n", text)))


def answer_part(raw: str) -> str:
    """The text without what a reasoning model thought, closed or not, with opener or without.

    >>> answer_part("I should… </think> Sí."), answer_part("Sí. <think>but"), answer_part("Sí.")
    (' Sí.', 'Sí. ', 'Sí.')
    >>> answer_part("[THINK]hm[/THINK]Sí."), answer_part("◁think▷hm◁/think▷Sí.")
    ('Sí.', 'Sí.')
    >>> answer_part("<|channel|>analysis<|message|>hm<|end|><|channel|>final<|message|>Sí.")
    'Sí.'
    """
    text = _in_tags(tamed(raw))
    if _CLOSER.search(text):
        text = _THOUGHT.sub("", text)
    closers = list(_CLOSER.finditer(text))
    if closers:
        text = text[closers[-1].end() :]
    return _OPENER.split(text, maxsplit=1)[0]


def _in_tags(text: str) -> str:
    """The same with every way to mark thoughts written as tags."""
    text = _ANSWERING.split(text)[-1]
    text = _THINKING.sub("<think>", text)
    return _TOKEN.sub("", _BRACKETED.sub(r"<\1think>", text))
