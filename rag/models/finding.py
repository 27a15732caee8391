"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked and what came of it."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def spanish(number: int) -> str:
    """A number as Spanish writes it.

    >>> spanish(32768)
    '32.768'
    """
    return f"{number:,}".replace(",", ".")
