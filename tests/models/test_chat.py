"""Chat models over real HTTP: what is asked, what comes back, and how long anything may take."""

import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from rag.domain import Message, Piece, Usage
from rag.errors import ModelError, SettingsError
from rag.models.chat import LangChainChat, open_chat, traits_of
from tests.models.behaviours import (
    ZOO,
    exemplary,
    repeats,
    says,
    slow_first_token,
    too_many_requests,
    trickles,
)
from tests.models.entries import KEY, KEY_VARIABLE, dead_url, entry
from tests.models.exchange import Behaviour, Chat, Failure, Outcome
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import ScriptedServer

DIALECTS = pytest.mark.parametrize("dialect", [ScriptedServer, ScriptedOllama])
Dialect = type[ScriptedServer]

PROMPT = "pregunta-que-nadie-ve"
MESSAGES = (
    Message("system", "Reglas."),
    Message("user", f"{PROMPT}\n<<<PASSAGES\n[2.5:3] Fortalecer la cooperación en 2 ámbitos."),
)
SAID = "Fortalecer la cooperación en 2 ámbitos. [2.5:3]"


@contextmanager
def opened(server: ScriptedServer, /, **more: object) -> Iterator[LangChainChat]:
    """A model of the server, its connections closed in the end."""
    chat = open_chat(entry(server, **more))
    try:
        yield chat
    finally:
        chat.close()


def reply(chat: LangChainChat, messages: Sequence[Message] = MESSAGES) -> str:
    return "".join(piece.text for piece in chat.stream(messages))


def replied(dialect: Dialect, behaviour: Behaviour, **more: object) -> list[Piece]:
    """The pieces of one reply."""
    with dialect(behaviour) as server, opened(server, **more) as chat:
        return list(chat.stream(MESSAGES))


def failure(dialect: Dialect, behaviour: Behaviour, **more: object) -> ModelError:
    """What one question fails with."""
    with dialect(behaviour) as server, opened(server, **more) as chat:
        with pytest.raises(ModelError) as caught:
            reply(chat)
        return caught.value


def body(dialect: Dialect, **more: object) -> dict[str, Any]:
    """What is sent for one question."""
    with dialect(exemplary) as server, opened(server, **more) as chat:
        reply(chat)
    return server.received[-1].body


def attempts(dialect: Dialect, behaviour: Behaviour, **more: object) -> tuple[int, str | None]:
    """How often the server was asked, and the reply if one came."""
    with dialect(behaviour) as server, opened(server, **more) as chat:
        try:
            text = reply(chat)
        except ModelError:
            return len(server.received), None
        return len(server.received), text


@DIALECTS
class TestReply:
    def test_it_comes_in_pieces(self, dialect: Dialect) -> None:
        pieces = [piece.text for piece in replied(dialect, exemplary) if piece.text]
        assert ("".join(pieces), len(pieces) > 3) == (SAID, True)

    def test_a_piece_comes_before_the_last_one_exists(self, dialect: Dialect) -> None:
        with dialect(ZOO["hangs_midstream"]) as server, opened(server) as chat:
            stream = chat.stream(MESSAGES)
            assert SAID.startswith(next(piece.text for piece in stream if piece.text))
            stream.close()  # type: ignore[attr-defined]

    def test_its_usage_is_told_once(self, dialect: Dialect) -> None:
        pieces = replied(dialect, exemplary)
        usages = [piece.usage for piece in pieces if piece.usage]
        assert [type(usage) for usage in usages] == [Usage]
        assert usages[0].prompt > usages[0].answer > 5

    def test_what_is_thought_apart_is_no_part_of_it(self, dialect: Dialect) -> None:
        text = "".join(piece.text for piece in replied(dialect, ZOO["reasoning_apart"]))
        assert text == SAID

    @pytest.mark.parametrize(("name", "is_cut"), [("exemplary", False), ("cut_off", True)])
    def test_a_reply_that_ran_out_of_budget_is_marked(
        self, name: str, is_cut: bool, dialect: Dialect
    ) -> None:
        assert any(piece.is_cut for piece in replied(dialect, ZOO[name])) == is_cut

    def test_an_empty_reply_is_no_failure(self, dialect: Dialect) -> None:
        assert "".join(piece.text for piece in replied(dialect, ZOO["empty"])) == ""


class TestRequest:
    def test_ollama_gets_the_context_and_the_limit_of_the_answer(self) -> None:
        sent = body(ScriptedOllama, context_tokens=6000, answer_tokens=700)
        assert sent["options"] == {
            "num_ctx": 6000,
            "num_predict": 700,
            "temperature": 0.0,
            "seed": 7,
        }

    def test_a_server_of_the_dialect_gets_a_limit_that_it_knows(self) -> None:
        sent = body(ScriptedServer, answer_tokens=700)
        assert (sent["max_tokens"], "max_completion_tokens" in sent) == (700, False)

    def test_openai_gets_the_limit_by_its_own_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        sent = body(ScriptedServer, server="openai", answer_tokens=700)
        assert (sent["max_completion_tokens"], "max_tokens" in sent) == (700, False)

    def test_usage_is_asked_for(self) -> None:
        assert body(ScriptedServer)["stream_options"] == {"include_usage": True}

    def test_messages_keep_their_roles_and_order(self) -> None:
        messages = (*MESSAGES, Message("assistant", "Sí."), Message("user", "¿Y Cuba?"))
        with ScriptedServer(exemplary) as server, opened(server) as chat:
            reply(chat, messages)
        sent: Any = server.received[-1].body["messages"]
        assert [(m["role"], m["content"]) for m in sent] == [(m.role, m.text) for m in messages]

    @pytest.mark.parametrize(
        ("values", "sent"),
        [
            ({}, {"temperature": 0.0, "seed": 7}),
            ({"temperature": 0.7, "seed": 1}, {"temperature": 0.7, "seed": 1}),
            ({"temperature": None}, {"seed": 7}),
            ({"options": {"top_p": 0.9}}, {"temperature": 0.0, "seed": 7, "top_p": 0.9}),
            ({"options": {"max_retries": 5, "stream_usage": False}}, {"temperature": 0.0}),
        ],
        ids=["default", "own", "none", "option", "not ours to change"],
    )
    def test_how_to_draw_is_what_the_entry_says(
        self, values: dict[str, Any], sent: dict[str, Any]
    ) -> None:
        found = body(ScriptedServer, **values)
        drawing = {name: found[name] for name in ("temperature", "top_p", "seed") if name in found}
        assert drawing == {"seed": 7} | sent
        assert found["stream_options"] == {"include_usage": True}

    @DIALECTS
    def test_a_key_is_sent_to_the_address_of_the_entry(
        self, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
        with (
            dialect(exemplary) as server,
            opened(server, key_env=KEY_VARIABLE) as with_key,
            opened(server) as without,
        ):
            reply(with_key)
            reply(without)
        sent = [request.headers.get("authorization") for request in server.received]
        is_ollama = dialect is ScriptedOllama
        assert sent == [f"Bearer {KEY}", None if is_ollama else "Bearer not-needed"]

    def test_traits_are_those_of_the_entry(self) -> None:
        with ScriptedServer(exemplary) as server:
            traits = traits_of(entry(server, context="document", answer_tokens=100))
        assert (traits.takes_document, traits.answer_tokens, traits.name) == (True, 100, "probado")


@DIALECTS
class TestSystemRole:
    def test_where_it_is_rejected_its_text_goes_into_the_first_question(
        self, dialect: Dialect
    ) -> None:
        with dialect(ZOO["no_system_role"]) as server, opened(server) as chat:
            assert reply(chat) == SAID
        sent: Any = server.received[-1].body["messages"]
        (message,) = sent
        assert (message["role"], message["content"].split("\n")[0]) == ("user", "Reglas.")

    def test_that_is_remembered(self, dialect: Dialect) -> None:
        with dialect(ZOO["no_system_role"]) as server, opened(server) as chat:
            assert not chat.joins_system
            assert [reply(chat) for _ in range(2)] == [SAID] * 2
            assert (len(server.received), chat.joins_system) == (3, True)

    def test_a_server_that_rejects_it_all_the_same_is_asked_twice(self, dialect: Dialect) -> None:
        refuse = Failure(400, "System role not supported")
        with dialect(lambda _: refuse) as server, opened(server, retries=2) as chat:
            with pytest.raises(ModelError, match="instrucciones del sistema"):
                reply(chat)
            assert len(server.received) == 2


class TestRetries:
    @pytest.mark.parametrize(
        ("status", "asked"),
        [(429, 2), (409, 2), (500, 2), (503, 2), (400, 1), (401, 1), (404, 1), (408, 1), (413, 1)],
    )
    def test_only_what_may_pass_is_asked_again(self, status: int, asked: int) -> None:
        def fails_once(chat: Chat) -> Outcome:
            return Failure(status, "no") if chat.attempt == 1 else exemplary(chat)

        text = SAID if asked == 2 else None
        assert attempts(ScriptedServer, fails_once, retries=1) == (asked, text)

    @DIALECTS
    def test_it_waits_as_long_as_the_server_asks(self, dialect: Dialect) -> None:
        started = time.monotonic()
        behaviour = too_many_requests(1, retry_after="0.8")
        assert attempts(dialect, behaviour, retries=1) == (2, SAID)
        assert time.monotonic() - started >= 0.8

    def test_the_wait_grows_where_the_server_asks_for_none(self) -> None:
        started = time.monotonic()
        assert attempts(ScriptedServer, too_many_requests(2), retries=2) == (3, SAID)
        assert time.monotonic() - started >= 0.5 + 1.0

    @pytest.mark.parametrize(
        ("behaviour", "limits", "asked"),
        [
            (too_many_requests(None), {"retries": 0}, 1),
            (too_many_requests(None, retry_after="0"), {"retries": 3}, 4),
            (too_many_requests(None, retry_after="60"), {"retries": 2, "total_seconds": 600}, 1),
            (too_many_requests(None), {"retries": 5, "total_seconds": 0.4}, 1),
            (too_many_requests(None, retry_after="5"), {"retries": 5, "total_seconds": 4}, 1),
        ],
        ids=["none", "some", "a minute", "no time", "too long"],
    )
    def test_they_end(self, behaviour: Behaviour, limits: dict[str, float], asked: int) -> None:
        assert attempts(ScriptedServer, behaviour, **limits) == (asked, None)

    @DIALECTS
    def test_nothing_is_asked_again_once_something_came(self, dialect: Dialect) -> None:
        assert attempts(dialect, ZOO["dies_midstream"], retries=2)[0] == 1

    def test_a_wait_can_be_left(self) -> None:
        behaviour = too_many_requests(None, retry_after="15")
        with ScriptedServer(behaviour) as server, opened(server, retries=1) as chat:
            took = seconds(lambda: list(chat.stream(MESSAGES, after(0.2))))
        assert took < 2


def after(seconds: float) -> Callable[[], bool]:
    """Whether so much time has passed."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def seconds(ask: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.monotonic()
    ask()
    return time.monotonic() - started


def lateness(chat: LangChainChat) -> float:
    """How long after it was cancelled a question is left."""
    cancelled: list[float] = []

    def cancel() -> None:
        cancelled.append(time.monotonic())

    timer = Timer(0.1, cancel)
    timer.start()
    list(chat.stream(MESSAGES, lambda: bool(cancelled)))
    timer.join()
    return time.monotonic() - cancelled[0]


@DIALECTS
class TestLimits:
    @pytest.mark.parametrize("behaviour", [ZOO["hangs"], slow_first_token(30)])
    def test_a_first_token_that_does_not_come_is_not_waited_for(
        self, behaviour: Behaviour, dialect: Dialect
    ) -> None:
        started = time.monotonic()
        told = failure(dialect, behaviour, first_token_seconds=0.3)
        assert ("first_token_seconds" in told.remedy, time.monotonic() - started < 5) == (
            True,
            True,
        )

    def test_a_first_token_that_is_late_but_in_time_is_taken(self, dialect: Dialect) -> None:
        pieces = replied(dialect, slow_first_token(0.3), first_token_seconds=5)
        assert "".join(piece.text for piece in pieces) == SAID

    def test_a_reply_that_stops_coming_is_not_waited_for(self, dialect: Dialect) -> None:
        told = failure(dialect, ZOO["hangs_midstream"], first_token_seconds=0.3)
        assert "no contestó a tiempo" in told.problem

    def test_a_reply_that_takes_too_long_as_a_whole_is_left(self, dialect: Dialect) -> None:
        told = failure(dialect, trickles(0.1), total_seconds=0.4)
        assert ("0.4 segundos" in told.problem, "total_seconds" in told.remedy) == (True, True)

    def test_the_whole_is_limited_before_the_first_token_as_well(self, dialect: Dialect) -> None:
        told = failure(dialect, ZOO["hangs"], first_token_seconds=30, total_seconds=0.3)
        assert "total_seconds" in told.remedy


@DIALECTS
class TestCancelling:
    def test_a_server_that_hangs_is_left_at_once(self, dialect: Dialect) -> None:
        with dialect(ZOO["hangs"]) as server, opened(server, first_token_seconds=30) as chat:
            late = [lateness(chat) for _ in range(3)]
        assert min(late) < 0.2

    def test_what_came_before_stays(self, dialect: Dialect) -> None:
        with (
            dialect(ZOO["hangs_midstream"]) as server,
            opened(server, first_token_seconds=30) as chat,
        ):
            text = "".join(piece.text for piece in chat.stream(MESSAGES, after(0.4)))
        assert 0 < len(text) < len(SAID)
        assert SAID.startswith(text)

    def test_another_question_can_be_asked_meanwhile(self, dialect: Dialect) -> None:
        def hangs_once(chat: Chat) -> Outcome:
            return ZOO["hangs"](chat) if chat.attempt == 1 else exemplary(chat)

        with dialect(hangs_once) as server, opened(server, first_token_seconds=30) as chat:
            list(chat.stream(MESSAGES, after(0.1)))
            assert reply(chat) == SAID


@contextmanager
def blackhole() -> Iterator[str]:
    """An address of this machine that neither accepts nor refuses: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        for one in waiting:
            one.close()


@DIALECTS
class TestAddresses:
    def test_a_redirect_is_not_followed(self, dialect: Dialect) -> None:
        with dialect(exemplary) as other:

            def elsewhere(chat: Chat) -> Failure:
                return Failure(307, "", headers={"Location": other.origin + chat.path})

            told = failure(dialect, elsewhere, retries=2)
            assert ("base_url" in told.remedy, other.received) == (True, [])

    def test_a_server_that_is_not_there_is_told_without_its_address(self, dialect: Dialect) -> None:
        address = dead_url()
        told = failure(dialect, exemplary, base_url=f"{address}/v1")
        assert ("no responde" in told.problem, "cinco doctor" in told.remedy) == (True, True)
        assert address not in str(told)

    def test_a_server_that_accepts_nobody_is_not_waited_for(self, dialect: Dialect) -> None:
        with blackhole() as address:
            limits = {"connect_seconds": 0.2, "first_token_seconds": 30}
            told = failure(dialect, exemplary, base_url=address, **limits)
        assert "no responde" in told.problem


class TestOpening:
    @pytest.mark.parametrize(
        ("provider", "package"),
        [
            ("mistralai", "langchain-mistralai"),
            ("google_genai", "langchain-google-genai"),
            ("bedrock_converse", "langchain-aws"),
        ],
    )
    def test_a_package_that_is_missing_has_its_pip_line(self, provider: str, package: str) -> None:
        with pytest.raises(ModelError) as caught, opened(CLOSED, provider=provider):
            pass
        assert (provider in caught.value.problem, caught.value.remedy) == (
            True,
            f"Ejecute `.venv/bin/pip install {package}`.",
        )

    @pytest.mark.filterwarnings("ignore::UserWarning")
    @pytest.mark.parametrize(
        "values",
        [
            {"provider": "nadie"},
            {"options": {"top_p": "mucho"}},
            {"options": {"tenperature": 0.3}},
            {"provider": "ollama", "options": {"num_cxt": 4096}},
        ],
    )
    def test_what_no_client_takes_is_an_error_with_a_remedy(self, values: dict[str, Any]) -> None:
        with pytest.raises(ModelError, match="Revise provider y options"), opened(CLOSED, **values):
            pass

    def test_an_option_may_go_by_either_of_its_names(self) -> None:
        assert body(ScriptedServer, options={"stop_sequences": "X"})["stop"] == "X"

    @pytest.mark.parametrize("value", [None, ""])
    def test_a_key_that_is_missing_is_named(
        self, value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        if value is not None:
            monkeypatch.setenv(KEY_VARIABLE, value)
        with pytest.raises(ModelError, match=KEY_VARIABLE), opened(CLOSED, key_env=KEY_VARIABLE):
            pass

    @pytest.mark.parametrize(("environment", "sent"), [(None, "de-env"), ("sk-mia", "sk-mia")])
    def test_a_key_may_stand_in_the_env_file(
        self,
        environment: str | None,
        sent: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path(".env").write_text(f"{KEY_VARIABLE}=de-env\n", encoding="utf-8")
        if environment:
            monkeypatch.setenv(KEY_VARIABLE, environment)
        with ScriptedServer(exemplary) as server, opened(server, key_env=KEY_VARIABLE) as chat:
            reply(chat)
        assert server.received[-1].headers["authorization"] == f"Bearer {sent}"

    def test_an_env_file_that_cannot_be_read_is_an_error_with_a_remedy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path(".env").write_bytes(b"X=caf\xe9\n")
        with (
            pytest.raises(SettingsError, match="UTF-8"),
            opened(CLOSED, key_env=KEY_VARIABLE),
        ):
            pass


class _Closed(ScriptedServer):
    base_url = "http://127.0.0.1:9/v1"


CLOSED = _Closed(exemplary)
"""A server that was never started: nobody may need it."""


class TestSecrets:
    @DIALECTS
    @pytest.mark.parametrize(
        "name",
        [
            "exemplary",
            "no_system_role",
            "redirects",
            "html_error",
            "context_exceeded",
            "broken_json",
            "dies_midstream",
            "hangs",
        ],
    )
    def test_neither_key_nor_prompt_is_in_an_error_or_in_the_log(
        self,
        name: str,
        dialect: Dialect,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        caplog.set_level(logging.DEBUG)
        told = ""
        with dialect(ZOO[name]) as server, opened(server, key_env=KEY_VARIABLE) as chat:
            try:
                reply(chat)
            except ModelError as error:
                told = str(error)
        assert server.received
        shown = [word for word in (KEY, PROMPT, "Reglas.") if word in told + caplog.text]
        assert shown == []

    def test_a_server_that_repeats_them_is_not_repeated(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        caplog.set_level(logging.DEBUG)
        parrot = Failure(401, f"Incorrect API key provided: {KEY}. Asked: {PROMPT}")
        told = failure(ScriptedServer, lambda _: parrot, key_env=KEY_VARIABLE)
        assert [word for word in (KEY, PROMPT) if word in str(told) + caplog.text] == []

    @pytest.mark.parametrize("key", ["clave\nde dos líneas", "clave con ñ", "😀"])
    def test_a_key_that_no_header_can_carry_is_a_failure_like_others(
        self, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(KEY_VARIABLE, key)
        assert key not in str(failure(ScriptedServer, exemplary, key_env=KEY_VARIABLE))


@DIALECTS
def test_two_threads_get_the_replies_to_their_own_questions(dialect: Dialect) -> None:
    def ask(n: int) -> str:
        return reply(chat, (Message("user", f"El código es canario-{n:03}."),))

    with (
        dialect(repeats(r"canario-\d+")) as server,
        opened(server) as chat,
        ThreadPoolExecutor(2) as pool,
    ):
        answers = list(pool.map(ask, range(12)))
    assert answers == [f"canario-{n:03}" for n in range(12)]


def test_a_model_can_be_closed_before_it_was_asked_and_twice() -> None:
    chat = open_chat(entry(CLOSED))
    chat.close()
    chat.close()


def test_what_is_said_is_nobodys_format() -> None:
    text = "«á» 中文 👩‍👩‍👧 \u2028 {x} \\n [DONE]"
    pieces = replied(ScriptedServer, says(text))
    assert "".join(piece.text for piece in pieces) == text
