"""Which model servers run on this machine: the usual ports of loopback, and nothing else."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from rag.models import listing
from rag.models.listing import Limits, Listing, Served
from rag.models.registry import Server, servers

LIMITS = Limits(connect_seconds=0.3, total_seconds=1.5)
"""A server on this machine accepts at once; a busy one may take a moment to answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A model server that answered."""

    server: str
    """Its preset: what an entry of models.toml calls it."""
    title: str
    address: str
    models: tuple[Served, ...]


def discover(presets: Mapping[str, Server] | None = None) -> tuple[Found, ...]:
    """The servers that answer at the loopback addresses of the presets, in their order."""
    places = _places(servers() if presets is None else presets)
    if not places:
        return ()
    with ThreadPoolExecutor(len(places)) as pool:
        return tuple(found for found in pool.map(_probe, places) if found is not None)


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine.

    >>> is_loopback("http://localhost:8080/v1"), is_loopback("https://api.openai.com/v1")
    (True, False)
    """
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _places(presets: Mapping[str, Server]) -> list[dict[str, Server]]:
    """Presets by name, those of one address together."""
    places: dict[str, dict[str, Server]] = {}
    for name, preset in presets.items():
        if is_loopback(preset.base_url):
            places.setdefault(preset.base_url, {})[name] = preset
    return list(places.values())


def _probe(place: Mapping[str, Server]) -> Found | None:
    preset = next(iter(place.values()))
    answer = listing.ask(preset.base_url, preset.provider, LIMITS)
    if not isinstance(answer, Listing):
        return None
    name = _who(list(place), answer)
    return Found(name, place[name].title, preset.base_url, answer.models)


def _who(names: list[str], answer: Listing) -> str:
    """Which of the servers of one port it is: llama.cpp tells its properties, llamafile none."""
    without_props = [name for name in names if name != "llamacpp"]
    return names[0] if answer.has_props or not without_props else without_props[0]
