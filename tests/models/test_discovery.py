import time
from collections.abc import Mapping

import pytest

from rag.models import listing
from rag.models.discovery import Found, discover, is_loopback
from rag.models.failures import Trouble
from rag.models.listing import MAX_BYTES, MAX_NAME, Limits, Listing, Served
from rag.models.registry import servers
from tests.models.behaviours import exemplary
from tests.models.entries import KEY, dead_url, preset
from tests.models.exchange import Failure
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import Json, Quirks, Route, ScriptedServer

LIMITS = Limits(connect_seconds=1.0, total_seconds=2.0)
HTML = Failure(200, "<html><title>Jenkins</title></html>", is_html=True)


class Odd(ScriptedServer):
    """Answers what it is told to when its models are asked for."""

    def __init__(self, route: Route) -> None:
        super().__init__(exemplary)
        self.route = route

    def routes(self) -> Mapping[str, Route]:
        return {"GET /v1/models": self.route}


def asked(route: Route) -> Listing | Trouble:
    with Odd(route) as server:
        return listing.ask(server.base_url, "openai", LIMITS)


def found_at(name: str, server: ScriptedServer) -> Found:
    with server:
        (found,) = discover(preset(name, server))
        return found


class TestDiscovery:
    def test_finds_ollama_with_its_models(self) -> None:
        server = ScriptedOllama(exemplary, models=("qwen3:4b", "llama3.2:3b"))
        found = found_at("ollama", server)
        assert (found.server, found.title) == ("ollama", "Ollama")
        assert found.models == (Served("qwen3:4b"), Served("llama3.2:3b"))

    def test_finds_vllm_with_its_context(self) -> None:
        quirks = Quirks(has_max_model_len=True)
        found = found_at("vllm", ScriptedServer(exemplary, context=32768, quirks=quirks))
        assert (found.server, found.models) == ("vllm", (Served("scripted-3b", 32768),))

    def test_finds_lm_studio(self) -> None:
        assert found_at("lmstudio", ScriptedServer(exemplary)).title == "LM Studio"

    @pytest.mark.parametrize(
        ("has_props", "server", "context"), [(True, "llamacpp", 6144), (False, "llamafile", None)]
    )
    def test_tells_llama_cpp_from_llamafile(
        self, has_props: bool, server: str, context: int | None
    ) -> None:
        with ScriptedServer(exemplary, context=6144, quirks=Quirks(has_props=has_props)) as script:
            (found,) = discover(preset("llamacpp", script) | preset("llamafile", script))
        assert (found.server, found.models) == (server, (Served("scripted-3b", context),))

    def test_leaves_out_what_does_not_answer(self) -> None:
        dead = servers()["vllm"].model_copy(update={"base_url": f"{dead_url()}/v1"})
        with ScriptedOllama(exemplary) as server:
            found = discover({"vllm": dead} | preset("ollama", server))
        assert [server.server for server in found] == ["ollama"]

    def test_leaves_out_what_is_no_model_server(self) -> None:
        with Odd(lambda _: HTML) as server:
            assert discover(preset("vllm", server)) == ()

    def test_finds_nothing_without_presets(self) -> None:
        assert discover({}) == ()

    def test_dials_this_machine_only(self) -> None:
        far = servers()["vllm"].model_copy(update={"base_url": "http://192.0.2.1:8000/v1"})
        assert discover({"vllm": far, "openai": servers()["openai"]}) == ()

    def test_asks_every_preset_but_the_one_of_the_cloud(self) -> None:
        near = {name for name, server in servers().items() if is_loopback(server.base_url)}
        assert near == servers().keys() - {"openai"}

    def test_asks_each_address_once(self) -> None:
        with ScriptedServer(exemplary) as script:
            discover(preset("llamacpp", script) | preset("llamafile", script))
            assert [r.path for r in script.received] == ["/v1/models", "/props"]

    def test_waits_for_slow_servers_side_by_side_and_not_for_long(self) -> None:
        with sleepy() as first, sleepy() as second, ScriptedOllama(exemplary) as quick:
            started = time.monotonic()
            places = preset("vllm", first) | preset("lmstudio", second) | preset("ollama", quick)
            assert [found.server for found in discover(places)] == ["ollama"]
            assert time.monotonic() - started < 2.5

    def test_sends_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with ScriptedServer(exemplary) as server:
            discover(preset("lmstudio", server))
            assert all("authorization" not in request.headers for request in server.received)

    @pytest.mark.parametrize("address", ["http://[", "http://example.org:11434", "nonsense", ""])
    def test_takes_no_other_address_for_this_machine(self, address: str) -> None:
        assert not is_loopback(address)

    @pytest.mark.parametrize("address", ["http://127.0.0.9:1", "http://[::1]:8080/v1"])
    def test_knows_this_machine_by_its_numbers(self, address: str) -> None:
        assert is_loopback(address)


def sleepy() -> Odd:
    """A server that never tells its models."""

    def route(_: Json) -> Failure:
        server.closing.wait(30)
        return HTML

    server = Odd(route)
    return server


class TestListing:
    @pytest.mark.parametrize(
        ("route", "kind"),
        [
            (lambda _: HTML, "broken"),
            (lambda _: Failure(200, "", is_html=True), "broken"),
            (lambda _: Failure(200, "[" * 100_000, is_html=True), "broken"),
            (lambda _: {"data": "x"}, "broken"),
            (lambda _: {"object": "list"}, "broken"),
            (lambda _: {"data": [{"id": "x" * MAX_BYTES}]}, "broken"),
            (lambda _: Failure(401, "no"), "key"),
            (lambda _: Failure(404, "no"), "unknown_model"),
            (lambda _: Failure(503, "no"), "server"),
        ],
        ids=["page", "nothing", "nested", "text", "other", "endless", "key", "none", "failure"],
    )
    def test_says_what_is_wrong(self, route: Route, kind: str) -> None:
        assert asked(route) == Trouble(kind)  # type: ignore[arg-type]

    @pytest.mark.parametrize("models", [[], None, [5, {"id": 5}, {"id": ""}, {}]])
    def test_may_be_empty(self, models: object) -> None:
        assert asked(lambda _: {"data": models}) == Listing(())

    def test_shows_nothing_of_a_name_that_steers_a_terminal(self) -> None:
        found = asked(lambda _: {"data": [{"id": "a\x1b[2Jb\n" + "c" * 500}]})
        assert found == Listing((Served(("a[2Jb" + "c" * 500)[:MAX_NAME]),))

    @pytest.mark.parametrize("context", ["8192", True, -1, 0, 10**12, 4.5, None])
    def test_believes_no_context_that_cannot_be(self, context: object) -> None:
        told: Json = {"data": [{"id": "m", "max_model_len": context}]}
        assert asked(lambda _: told) == Listing((Served("m"),))

    def test_follows_no_redirect(self) -> None:
        with ScriptedServer(exemplary) as other:
            target = Failure(307, "", headers={"Location": f"{other.base_url}/models"})
            assert (asked(lambda _: target), other.received) == (Trouble("redirect"), [])

    @pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    def test_uses_no_proxy(self, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with ScriptedServer(exemplary) as proxy, ScriptedServer(exemplary) as server:
            monkeypatch.setenv(variable, proxy.origin)
            assert isinstance(listing.ask(server.base_url, "openai", LIMITS), Listing)
            assert proxy.received == []

    def test_is_refused_where_nothing_listens(self) -> None:
        assert listing.ask(dead_url(), "ollama", LIMITS) == Trouble("unreachable")

    @pytest.mark.parametrize("key", ["clave\nde dos líneas", "clave con ñ", "😀"])
    def test_survives_a_key_that_no_header_can_carry(self, key: str) -> None:
        with ScriptedServer(exemplary) as server:
            assert listing.ask(server.base_url, "openai", LIMITS, key) == Trouble("broken")

    @pytest.mark.parametrize("ending", ["", "/"])
    def test_bears_a_slash_at_the_end_of_an_address(self, ending: str) -> None:
        with ScriptedServer(exemplary) as server:
            found = listing.ask(server.base_url + ending, "openai", LIMITS)
        assert found == Listing((Served("scripted-3b"),))

    @pytest.mark.parametrize(("name", "known"), [("a", True), ("b:1", True), ("b", False)])
    def test_knows_what_ollama_means_by_a_bare_name(self, name: str, known: bool) -> None:
        served = Listing((Served("a:latest"), Served("b:1")))
        assert (served.find(name) is not None) == known
