"""«The document does not say»: what was looked for, and what comes nearest."""

from collections.abc import Sequence

from rag.answer.composition import Composition
from rag.answer.frames import escape, frame, place
from rag.domain import Document, Draft, Language


def absence(
    document: Document, language: Language, terms: Sequence[str], nearest: Sequence[str]
) -> Draft:
    """A refusal that names the words looked for in vain and the nearest sections."""
    composition = Composition()
    composition.say(frame(language, "absent"))
    if terms:
        composition.say(frame(language, "looked_for", terms=", ".join(map(escape, terms))))
    if nearest:
        sections = (document.section_by_id[id_] for id_ in nearest)
        places = "; ".join(place(document, section, language) for section in sections)
        composition.say(frame(language, "nearest", places=places))
    return composition.draft()
