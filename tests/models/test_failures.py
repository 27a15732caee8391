"""What the exceptions of clients mean, and what people are told of them."""

from collections.abc import Mapping
from typing import get_args

import pytest

from rag.models.failures import PASSING, Kind, Trouble, trouble
from rag.models.registry import ChatEntry, EmbeddingEntry, servers
from tests.models.entries import KEY

ADDRESS = "http://gpu.local:8000/v1"
CHAT = ChatEntry(name="mine", provider="openai", model="qwen3", base_url=ADDRESS)
VECTORS = EmbeddingEntry(name="vec", provider="openai", model="e5", base_url=ADDRESS)
KINDS = get_args(Kind)


class Response:
    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers


class StatusError(Exception):
    """An error as a client raises it for a status."""

    def __init__(
        self, status: object, text: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text)
        self.status_code = status
        self.response = Response(headers or {})


class ConnectTimeout(Exception):
    """By its name only, as clients of different vendors have it."""


class ReadTimeout(Exception):
    """The same."""


class APITimeoutError(Exception):
    """The same."""


class ConnectError(Exception):
    """The same."""


def caused(error: BaseException, cause: BaseException) -> BaseException:
    """The error, raised from the other."""
    error.__cause__ = cause
    return error


def kind_of(status: object, text: str = "") -> Kind:
    return trouble(StatusError(status, text)).kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, "redirect"),
        (307, "redirect"),
        (400, "broken"),
        (401, "key"),
        (403, "key"),
        (404, "unknown_model"),
        (408, "timeout"),
        (409, "busy"),
        (413, "context"),
        (418, "broken"),
        (429, "busy"),
        (500, "server"),
        (503, "server"),
        (200, "broken"),
        ("429", "broken"),
        (None, "broken"),
    ],
)
def test_a_status_has_a_meaning(status: object, kind: Kind) -> None:
    assert kind_of(status) == kind


@pytest.mark.parametrize(
    "text",
    [
        "System role not supported",
        "system messages are unsupported by this template",
        "This model does not support: unsupported role `system`",
        "Conversation roles must alternate user/assistant/user/assistant/...",
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_rejected_system_role_is_told_by_its_words(status: int, text: str) -> None:
    assert kind_of(status, text) == "system_role"


@pytest.mark.parametrize(
    "text",
    [
        "This model's maximum context length is 4096 tokens.",
        "the request exceeds the available context size, try increasing it",
        "Requested tokens (9000) exceed context window of 4096",
        "too many tokens",
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_prompt_that_is_too_long_is_told_by_its_words(status: int, text: str) -> None:
    assert kind_of(status, text) == "context"


def test_words_change_nothing_of_a_rejected_key() -> None:
    assert kind_of(401, "system role not supported; maximum context length") == "key"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectTimeout(), "unreachable"),
        (ConnectError(), "unreachable"),
        (ConnectionRefusedError(), "unreachable"),
        (ConnectionError(), "unreachable"),
        (ConnectionResetError(), "broken"),
        (TimeoutError(), "timeout"),
        (ReadTimeout(), "timeout"),
        (caused(APITimeoutError(), ReadTimeout()), "timeout"),
        (caused(APITimeoutError(), ConnectTimeout()), "unreachable"),
        (caused(Exception(), ConnectError()), "unreachable"),
        (caused(Exception(), StatusError(429)), "busy"),
        (ValueError("no JSON"), "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_kept_a_response_from_coming_is_told_by_names(
    error: BaseException, kind: Kind
) -> None:
    assert trouble(error).kind == kind


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert trouble(first).kind == "broken"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("inf", float("inf")),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_a_server_may_say_when_to_come_back(value: str | None, seconds: float | None) -> None:
    headers = {} if value is None else {"retry-after": value}
    assert trouble(StatusError(429, headers=headers)).retry_after_seconds == seconds


def test_a_response_of_the_cause_counts_too() -> None:
    class Bare(Exception):
        status_code = 429

    cause = StatusError(None, headers={"retry-after": "7"})
    assert trouble(caused(Bare(), cause)).retry_after_seconds == 7.0


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_may_pass_is_tried_again(kind: Kind) -> None:
    assert Trouble(kind).may_pass == (kind in PASSING) == (kind in {"busy", "server"})


@pytest.mark.parametrize("entry", [CHAT, VECTORS], ids=["chat", "embedding"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_trouble_names_the_model_and_a_remedy(
    kind: Kind, entry: ChatEntry | EmbeddingEntry
) -> None:
    told = Trouble(kind).as_error(entry)
    assert (entry.name in told.problem, "{" in str(told)) == (True, False)
    assert told.remedy.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_told_the_address_of_a_server(kind: Kind) -> None:
    assert ADDRESS not in str(Trouble(kind).as_error(CHAT))


@pytest.mark.parametrize("server", servers())
def test_a_short_context_has_the_remedy_of_its_server(server: str) -> None:
    entry = ChatEntry.model_validate({"name": "mine", "server": server, "model": "m"})
    assert Trouble("context").as_error(entry).remedy == servers()[server].context


@pytest.mark.parametrize("kind", ["timeout", "context"])
def test_an_embedder_has_remedies_of_its_own(kind: Kind) -> None:
    told = Trouble(kind).as_error(VECTORS).remedy
    assert told != Trouble(kind).as_error(CHAT).remedy
    assert "batch_size" in told


def test_nothing_of_what_a_server_says_is_repeated() -> None:
    told = trouble(StatusError(500, f"your key {KEY} and your prompt")).as_error(CHAT)
    assert KEY not in str(told)
