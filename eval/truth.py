"""What answers are judged against, taken from the product's outline of a source file."""

from pathlib import Path

from eval.metrics.reference import Reference
from rag.contract import outline_json
from rag.corpus import document, source
from rag.domain import Document


def reference(path: Path | None = None) -> Reference:
    """The source text and its sections; the bundled document unless told otherwise.

    Raises:
        SourceError: the file cannot be read or contradicts itself.
    """
    return reference_of(document.load(path or source.BUNDLED))


def reference_of(parsed: Document) -> Reference:
    """The same for a document that is there already."""
    return Reference.of(outline_json(parsed), parsed.source)
