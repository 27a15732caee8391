"""Passages: what is indexed and retrieved."""

from rag.domain import Document, Passage


def passages(document: Document) -> tuple[Passage, ...]:
    """One passage per sentence, in document order; its text is the sentence alone.

    Sentences of this document are long (38 words on average), so one sentence carries one thought,
    and sections are short, so that the section itself serves as the context (a field of the index).
    """
    return tuple(
        Passage(
            id=sentence.id,
            section=section.id,
            programme=section.programme,
            sentences=(sentence.id,),
            breadcrumb=document.breadcrumb(section),
            text=sentence.text,
        )
        for section in document.sections
        for sentence in section.sentences
    )
