import logging
import re
import time
from collections.abc import Iterator, Mapping

import pytest

from rag.models import tokens
from rag.models.bench import Reply, texts
from rag.models.checkup import check
from rag.models.finding import Finding
from rag.models.registry import servers
from tests.models.behaviours import ZOO, exemplary, says, slow_first_token, trickles
from tests.models.entries import KEY, KEY_VARIABLE, dead_url, entry
from tests.models.exchange import Behaviour, Chat, Failure, Outcome
from tests.models.exchange import Reply as Said
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import Json, Quirks, Route, ScriptedServer, messages_of

ALL = [
    "servidor",
    "respuesta",
    "flujo",
    "consumo",
    "sistema",
    "razonamiento",
    "idioma",
    "contexto",
]
"""What is said of a model with which nothing is wrong."""

DIALECTS = [ScriptedServer, ScriptedOllama]


def examined(server: ScriptedServer, /, **more: object) -> dict[str, Finding]:
    """The findings about a model of the server, by their names."""
    with server:
        return {finding.name: finding for finding in check(entry(server, **more))}


def findings(name: str, **more: object) -> dict[str, Finding]:
    return examined(ScriptedServer(ZOO[name]), **more)


def wrong(found: dict[str, Finding]) -> list[str]:
    return [finding.name for finding in found.values() if not finding.ok]


@pytest.mark.parametrize("dialect", DIALECTS)
class TestEitherDialect:
    @pytest.mark.parametrize(
        "name", ["exemplary", "thinking", "thinking_without_opener", "reasoning_apart", "no_ids"]
    )
    def test_finds_nothing_wrong_with_a_good_model(
        self, dialect: type[ScriptedServer], name: str
    ) -> None:
        found = examined(dialect(ZOO[name]))
        assert (list(found), wrong(found)) == (ALL, [])

    @pytest.mark.parametrize("name", ["length", "length_empty", "thinking_unclosed"])
    def test_tells_a_model_that_only_thinks_from_a_dead_one(
        self, dialect: type[ScriptedServer], name: str
    ) -> None:
        found = examined(dialect(ZOO[name]))["respuesta"]
        assert "pensar" in found.detail
        assert "Suba answer_tokens" in (found.remedy or "")

    def test_knows_a_model_that_says_nothing(self, dialect: type[ScriptedServer]) -> None:
        found = examined(dialect(ZOO["empty"]))["respuesta"]
        assert "no dice nada" in found.detail
        assert "answer_tokens" not in (found.remedy or "")

    def test_notices_that_the_system_role_is_rejected(self, dialect: type[ScriptedServer]) -> None:
        found = examined(dialect(ZOO["no_system_role"]))
        assert wrong(found) == []
        assert "no admite" in found["sistema"].detail

    def test_notices_another_language(self, dialect: type[ScriptedServer]) -> None:
        found = examined(dialect(ZOO["wrong_language"]))["idioma"]
        assert (found.ok, "en inglés" in found.detail) == (False, True)

    def test_notices_tags_of_thinking(self, dialect: type[ScriptedServer]) -> None:
        assert "etiquetas" in examined(dialect(ZOO["thinking"]))["razonamiento"].detail

    def test_notices_a_server_that_counts_too_little(self, dialect: type[ScriptedServer]) -> None:
        found = examined(dialect(ZOO["truncating_usage"]))
        assert wrong(found) == ["contexto"]
        assert "la recorta" in found["contexto"].detail

    @pytest.mark.parametrize("name", ["hangs", "hangs_midstream"])
    def test_waits_no_longer_than_for_the_first_token(
        self, dialect: type[ScriptedServer], name: str
    ) -> None:
        started = time.monotonic()
        found = examined(dialect(ZOO[name]))
        assert wrong(found) == ["respuesta"]
        assert time.monotonic() - started < 5

    def test_ends_when_its_time_is_up(self, dialect: type[ScriptedServer]) -> None:
        started = time.monotonic()
        found = examined(dialect(trickles(0.2)), total_seconds=1.0)
        assert list(found)[-1] == "respuesta"
        assert "Suba total_seconds" in (found["respuesta"].remedy or "")
        assert time.monotonic() - started < 4

    @pytest.mark.parametrize("name", sorted(ZOO.keys() - {"too_many_requests_with_retry_after"}))
    def test_ends_in_findings_whatever_the_model_does(
        self, dialect: type[ScriptedServer], name: str
    ) -> None:
        found = examined(dialect(ZOO[name]))
        assert list(found)[:2] == ["servidor", "respuesta"]
        assert [f for f in found.values() if f.ok != (f.remedy is None)] == []

    def test_never_shows_the_key(
        self,
        dialect: type[ScriptedServer],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        for behaviour in ("exemplary", "html_error", "dies_midstream"):
            with caplog.at_level(logging.DEBUG):
                server = dialect(ZOO[behaviour])
                found = examined(server, key_env=KEY_VARIABLE)
            assert KEY not in repr(found) + caplog.text
        assert any(KEY in request.headers["authorization"] for request in server.received)


class TestContext:
    def test_a_server_of_openais_dialect_that_cuts(self) -> None:
        cuts = ScriptedServer(exemplary, context=4096, quirks=Quirks(cuts=True))
        found = examined(cuts, server="lmstudio", context_tokens=16000)["contexto"]
        assert "LM Studio corta a 4.096 tokens" in found.detail
        assert servers()["lmstudio"].context in (found.remedy or "")

    @pytest.mark.parametrize("context", [8192, 32768])
    def test_ollama_that_heeds_no_num_ctx(self, context: int) -> None:
        deaf = ScriptedOllama(exemplary, honours_num_ctx=False)
        found = examined(deaf, server="ollama", context_tokens=context)["contexto"]
        assert "Ollama corta a 4.096 tokens" in found.detail
        assert servers()["ollama"].context in (found.remedy or "")
        assert "context_tokens = 4096" in (found.remedy or "")

    def test_ollama_that_heeds_num_ctx(self) -> None:
        found = examined(ScriptedOllama(exemplary), server="ollama", context_tokens=32768)
        assert found["contexto"].ok

    def test_a_server_that_refuses_what_is_too_long(self) -> None:
        strict = ScriptedServer(exemplary, context=4096)
        found = examined(strict, server="vllm", context_tokens=16000)["contexto"]
        assert "demasiado larga" in found.detail
        assert found.remedy == servers()["vllm"].context

    def test_a_server_that_says_beforehand_how_little_it_takes(self) -> None:
        quirks = Quirks(has_props=True)
        small = ScriptedServer(exemplary, context=4096, quirks=quirks)
        found = examined(small, server="llamacpp", context_tokens=16000)["contexto anunciado"]
        assert "llama.cpp da 4.096 tokens" in found.detail
        assert "context_tokens = 4096" in (found.remedy or "")

    def test_a_server_that_has_more_than_is_wanted(self) -> None:
        quirks = Quirks(has_max_model_len=True)
        found = examined(ScriptedServer(exemplary, context=65536, quirks=quirks), server="vllm")
        assert list(found) == ALL

    def test_a_model_that_loses_the_start_is_not_taken_for_a_server_that_cuts(self) -> None:
        found = examined(ScriptedServer(says("El río lleva el agua a los campos.")))["contexto"]
        assert (found.ok, "corta" in found.detail) == (False, False)

    def test_a_server_that_cuts_a_little_is_betrayed_by_how_it_counts_a_short_prompt(self) -> None:
        lost = says("El río lleva el agua a los campos.")
        cuts = ScriptedServer(lost, context=4096, quirks=Quirks(cuts=True))
        assert "corta a 4.096 tokens" in examined(cuts)["contexto"].detail

    def test_a_server_that_cuts_and_counts_nothing(self) -> None:
        silent = Uncounting(exemplary, context=4096, quirks=Quirks(cuts=True))
        found = examined(silent, context_tokens=16000)
        assert "no dice cuántos" in found["consumo"].detail
        assert (found["contexto"].ok, "la corta" in found["contexto"].detail) == (False, True)

    def test_a_model_that_finds_nothing_on_a_server_that_counts_nothing(self) -> None:
        silent = Uncounting(says("El río lleva el agua a los campos."))
        assert "no encuentra" in examined(silent)["contexto"].detail

    def test_a_model_that_thinks_too_long_about_a_long_prompt(self) -> None:
        assert "pensar" in examined(ScriptedServer(thinks_long))["contexto"].detail

    def test_fills_nine_tenths_with_prompt_and_answer(self) -> None:
        with ScriptedServer(exemplary) as server:
            list(check(entry(server, context_tokens=8192, answer_tokens=1000)))
            longest = max(sent(server.received[n].body) for n in range(-2, 0))
        assert 0.88 * 8192 - 1000 < longest <= 0.9 * 8192 - 1000

    def test_shows_the_start_of_the_long_prompt_another_code_each_time(self) -> None:
        codes = set()
        for _ in range(2):
            with ScriptedServer(exemplary) as server:
                list(check(entry(server)))
                codes |= {
                    messages_of(r.body)[-1].text.splitlines()[0] for r in server.received[-2:]
                }
        assert len(codes) == 4


class Uncounting(ScriptedServer):
    """Gives no figures of usage."""

    def last_lines(self, body: Json, chat: Chat, reply: Said) -> Iterator[Json]:
        return super().last_lines({**body, "stream_options": None}, chat, reply)


def thinks_long(chat: Chat) -> Outcome:
    """Answers what is short; spends itself on what is long."""
    return ZOO["length"](chat) if chat.prompt_tokens > 1000 else exemplary(chat)


def sent(body: Json) -> int:
    """Tokens of a request, by our count."""
    return sum(tokens.count(message.text) for message in messages_of(body))


class TestServer:
    def test_nothing_more_is_asked_of_a_dead_one(self) -> None:
        server = ScriptedServer(exemplary)
        with server:
            gone = entry(server, base_url=f"{dead_url()}/v1")
            found = list(check(gone))
        assert [(f.name, f.ok) for f in found] == [("servidor", False)]
        assert server.received == []

    def test_a_model_that_it_does_not_list(self) -> None:
        found = examined(ScriptedServer(exemplary), model="otro")
        assert wrong(found) == ["servidor", "respuesta"]
        assert "scripted-3b" in (found["servidor"].remedy or "")

    def test_a_server_of_one_model_takes_any_name(self) -> None:
        file = Routed(exemplary, {"GET /v1/models": lambda _: {"data": [{"id": "m.gguf"}]}})
        assert wrong(examined(file, server="llamafile")) == []

    def test_a_rejected_key_is_final(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        found = examined(Routed(exemplary, {"GET /v1/models": refuse}), key_env=KEY_VARIABLE)
        assert (list(found), "clave" in found["servidor"].detail) == (["servidor"], True)

    def test_a_missing_key_is_named(self) -> None:
        found = examined(ScriptedServer(exemplary), key_env="CINCO_TEST_NO_KEY")["respuesta"]
        assert "CINCO_TEST_NO_KEY" in found.detail + (found.remedy or "")

    def test_a_server_without_a_list_is_asked_all_the_same(self) -> None:
        found = examined(Routed(exemplary, {}))
        assert (wrong(found), "no enumera" in found["servidor"].detail) == ([], True)

    @pytest.mark.parametrize(
        ("provider", "remedy"), [("mistralai", "langchain-mistralai"), ("nobody", "provider")]
    )
    def test_a_maker_whose_package_is_not_there(self, provider: str, remedy: str) -> None:
        found = examined(ScriptedServer(exemplary), provider=provider)
        assert list(found) == ["servidor", "respuesta"]
        assert remedy in (found["respuesta"].remedy or "")


class Routed(ScriptedServer):
    """Answers in its own way, or not at all, when its models are asked for."""

    def __init__(self, behaviour: Behaviour, routes: Mapping[str, Route]) -> None:
        super().__init__(behaviour)
        self._routes = routes

    def routes(self) -> Mapping[str, Route]:
        return self._routes


def refuse(_: Json) -> Failure:
    """No key is right, and the refusal repeats it."""
    return Failure(401, f"Incorrect API key provided: {KEY}")


class TestManners:
    def test_an_answer_that_comes_at_once(self) -> None:
        at_once = ScriptedServer(lambda chat: Said((exemplary(chat).text,)))
        assert wrong(examined(at_once)) == ["flujo"]

    def test_an_answer_that_is_cut(self) -> None:
        found = findings("cut_off")["respuesta"]
        assert "Suba answer_tokens" in (found.remedy or "")

    def test_the_time_until_the_first_word(self) -> None:
        found = examined(ScriptedServer(slow_first_token(0.3)))["respuesta"]
        waited = re.search(r"la primera palabra a los (\d+),(\d) s", found.detail)
        assert waited is not None
        assert float(f"{waited[1]}.{waited[2]}") >= 0.3

    def test_a_page_of_a_proxy_is_not_shown(self) -> None:
        found = findings("html_error")
        assert wrong(found) == ["respuesta"]
        assert "nginx" not in repr(found)

    def test_gibberish_is_no_spanish(self) -> None:
        assert not findings("gibberish")["idioma"].ok


class TestLanguage:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("El río lleva el agua a los campos del valle.", "es"),
            ("The river carries water to the fields of the valley.", "en"),
            ("O rio leva a água aos campos do vale, e dela vivem os povos.", "pt"),
            ("河水流向山谷的田野。", "zh"),
            ("[1.1:1]", None),
            ("", None),
        ],
    )
    def test_is_told_by_frequent_words(self, text: str, language: str | None) -> None:
        assert texts().language_of(text) == language


class TestCanary:
    @pytest.mark.parametrize("size", [0, 60, 500, 5000])
    def test_is_as_long_as_it_may_be(self, size: int) -> None:
        prompt = texts().canary.prompt("123456", size)
        least = tokens.count(texts().canary.prompt("123456", 0))
        assert max(least, size - 25) <= tokens.count(prompt) + 1
        assert tokens.count(prompt) <= max(least, size)

    def test_begins_with_the_code_and_ends_with_the_question(self) -> None:
        lines = texts().canary.prompt("123456", 3000).splitlines()
        assert ("123456" in lines[0], lines[-1]) == (True, texts().canary.last)


class TestReply:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("Sí.", "Sí."),
            ("<think>no</think> Sí.", "Sí."),
            ("no</think>Sí.", "Sí."),
            ("Sí.<think>no", "Sí."),
            ("<THINKING a='b'>no</THINKING><thought>no</thought>Sí.", "Sí."),
            ("<think>no", ""),
        ],
    )
    def test_is_read_without_its_thoughts(self, raw: str, text: str) -> None:
        reply = Reply(raw, 1, None, False, 0.1, 0.1)
        assert (reply.text, reply.thinks_aloud) == (text, raw != text)
