"""Names of things, and what they are matched by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.domain import Language
from rag.search.normalisation import stem, words
from rag.search.packing import packed
from rag.search.vocabulary import Vocabulary, in_order


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a thing."""

    text: str
    language: Language
    label: str
    """Of what class the thing is: `KNOWN`, `COUNTRY`, `COMPANY` …"""
    thing: int
    """Names of the same thing have the same number."""

    near: tuple[str, ...] = ()
    """Sections that come closest to it, where the document lacks it."""

    is_exact: bool = False
    """Whether a single word stands for itself and its plural alone, not for its family."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is matched by."""
        folded = words(self.text)
        if not self.is_exact or len(folded) > 1 or self.language == "zh":
            return (key(self.text, self.language),)
        singular = folded[0].removesuffix("s") if folded else ""
        return tuple(f"{self.language}={singular}{ending}" for ending in ("", "s", "es"))


def key(text: str, language: Language) -> str:
    """Stems in the language, or the very Chinese characters.

    >>> key("Minas de Litio", "es"), key("锂矿", "zh")
    ('es min de liti', 'zh 锂矿')
    """
    if language == "zh":
        return f"zh {''.join(words(text))}"
    return " ".join([language, *(stem(word, language) for word in words(text))])


def beginning(code: str, units: Sequence[str]) -> str:
    """Language and the first two stems, or Chinese characters, of a name.

    >>> beginning("es", ["min", "de", "liti"]), beginning("zh", "锂矿")
    ('es min de', 'zh 锂 矿')
    """
    return f"{code} {units[0]} {units[1]}"


def arrays_of(
    names: Iterable[Name], units: Iterable[str], common: Iterable[str]
) -> dict[str, NDArray[np.generic]]:
    """An annotator as arrays; of several names with one key the first counts."""
    listed = list(names)
    by_key = _first(listed)
    order = {k: place for place, k in enumerate(by_key)}
    keys = in_order(by_key)
    sorted_names = [by_key[k] for k in keys]
    labels = sorted({name.label for name in sorted_names})
    starts = _starts(keys)
    firsts = in_order(starts)
    return {
        **Vocabulary.of(keys).arrays("annotation.keys"),
        **Vocabulary.of(firsts).arrays("annotation.starts"),
        **Vocabulary.of(in_order(set(units))).arrays("annotation.units"),
        **Vocabulary.of(in_order(set(common))).arrays("annotation.common"),
        **_near(keys, _first(name for name in listed if name.near)),
        "annotation.longest": np.array([starts[first] for first in firsts], np.uint8),
        "annotation.labels": packed(labels),
        "annotation.label": np.array([labels.index(n.label) for n in sorted_names], np.uint8),
        "annotation.thing": np.array([n.thing for n in sorted_names], np.int32),
        "annotation.order": np.array([order[k] for k in keys], np.int32),
        "annotation.forms": packed(f"{n.language} {n.text}" for n in sorted_names),
    }


def _first(names: Iterable[Name]) -> dict[str, Name]:
    """Key → the first name that has it."""
    by_key: dict[str, Name] = {}
    for name in names:
        for key_ in name.keys:
            by_key.setdefault(key_, name)
    return by_key


def _near(keys: Iterable[str], telling: Mapping[str, Name]) -> dict[str, NDArray[np.generic]]:
    """What comes closest, by the first name that tells: Unicode's names of countries do not."""
    nears = ["", *sorted({" ".join(name.near) for name in telling.values()})]
    near = [nears.index(" ".join(telling[key_].near)) if key_ in telling else 0 for key_ in keys]
    return {"annotation.nears": packed(nears[1:]), "annotation.near": np.array(near, np.uint16)}


def _starts(keys: Iterable[str]) -> dict[str, int]:
    """How every key of several words begins, see `beginning` → words of the longest such key."""
    longest: dict[str, int] = {}
    for key_ in keys:
        code, *stems = key_.split()
        units = list("".join(stems)) if code == "zh" else stems
        if len(units) > 1:
            first = beginning(code, units)
            longest[first] = max(longest.get(first, 0), len(units))
    return longest
