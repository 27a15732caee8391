"""HTML and SVG built from elements: a text can only get in escaped."""

from collections.abc import Mapping
from html import escape

from eval.report.visible import visible


class Html(str):
    """Markup that was built here and needs no escaping."""

    __slots__ = ()


Attributes = Mapping[str, str | float]
Child = Html | str

_VOID = frozenset({"meta", "link", "br", "hr"})


def el(tag: str, attributes: Attributes | None = None, *children: Child) -> Html:
    r"""One element; every child that is no `Html` is text.

    >>> el("p", {"class": "a\"b"}, "1 < 2", el("br"))
    '<p class="a&quot;b">1 &lt; 2<br></p>'
    """
    written = "".join(f' {name}="{_value(value)}"' for name, value in (attributes or {}).items())
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{''.join(map(text, children))}</{tag}>")


def text(child: Child) -> Html:
    """The child, escaped unless it is markup of ours."""
    return child if isinstance(child, Html) else Html(escape(visible(child)))


def joined(*children: Child) -> Html:
    """Several children in a row."""
    return Html("".join(map(text, children)))


def _value(value: str | float) -> str:
    return escape(visible(value)) if isinstance(value, str) else f"{value:.6g}"
