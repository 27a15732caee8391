"""How long a prompt a model really sees: a code at its start must come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import randbelow

from rag.models import tokens
from rag.models.bench import Bench, Reply, silence, texts
from rag.models.finding import Finding, spanish

FILL = 0.9
"""How much of the context the long prompt and the answer take, by our count of tokens."""

SHORT_TOKENS = 600
"""Of the prompt that any server takes whole: it shows how this one counts."""

MIN_READ = 0.7
"""A server that counts less than this part of our tokens has cut: vocabularies differ by less."""

MIN_EXPECTED = 0.9
"""The same, of what the short prompt makes one expect."""

MIN_CONTEXT = 1024
"""Less cannot be configured."""

OLLAMA_PORT = ":11434"


@dataclass(frozen=True, slots=True)
class Probe:
    """One prompt with a code at its start, and what came back."""

    sent: int
    """Tokens by our count."""
    read: int | None
    """Tokens by the server's; `None` where it does not say."""
    returned: bool
    """Whether the code came back."""
    reply: Reply

    def is_cut(self, short: "Probe") -> bool:
        """Whether the server's own count betrays that it did not read all."""
        if self.read is None:
            return False
        ratio = short.read / short.sent if short.read else 1.0
        return self.read < max(MIN_READ, MIN_EXPECTED * ratio) * self.sent


def examine(bench: Bench) -> Iterator[Finding]:
    """Whether a prompt that should fit is seen from its start.

    Raises:
        ModelError: the model fails or says nothing.
    """
    entry = bench.entry
    room = int(FILL * entry.context_tokens) - entry.answer_tokens
    short = _probe(bench, min(SHORT_TOKENS, room))
    if not short.returned and short.read is None:
        yield _unfit(short)
        return
    probe = _probe(bench, room)
    if probe.is_cut(short) or (short.returned and probe.reply.text and not probe.returned):
        yield Finding("contexto", ok=False, detail=_loss(bench, probe), remedy=_more(bench, probe))
    elif not probe.reply.text:
        raise silence(entry, probe.reply)
    else:
        yield _whole(probe) if probe.returned else _unfit(probe)


def _probe(bench: Bench, max_tokens: int) -> Probe:
    system, code = texts().sample.system, f"{randbelow(900_000) + 100_000}"
    used = tokens.count(system)
    prompt = texts().canary.prompt(code, max_tokens - used)
    reply = bench.ask(system, prompt)
    returned = code in "".join(c for c in reply.text if c.isdigit())
    read = reply.usage.prompt if reply.usage else None
    return Probe(used + tokens.count(prompt), read, returned, reply)


def _whole(probe: Probe) -> Finding:
    counted = f"; el servidor cuenta {spanish(probe.read)}" if probe.read is not None else ""
    seen = f"ve el principio de una petición de {spanish(probe.sent)} tokens{counted}"
    return Finding("contexto", ok=True, detail=seen)


def _unfit(probe: Probe) -> Finding:
    """No code came back, and no cut explains it."""
    return Finding(
        "contexto",
        ok=False,
        detail=f"no encuentra lo que se le pregunta en un texto de {spanish(probe.sent)} tokens.",
        remedy="Elija un modelo que siga mejor las instrucciones.",
    )


def _loss(bench: Bench, probe: Probe) -> str:
    """What happened to a prompt whose start did not come back, or of which too little was read."""
    asked = f"una petición de {spanish(probe.sent)} tokens"
    if probe.read is None:
        return f"no ve el principio de {asked}: {bench.title} la corta, o el modelo no la abarca."
    if probe.returned:
        return f"{bench.title} cuenta solo {spanish(probe.read)} tokens en {asked}: la recorta."
    if probe.read < probe.sent:
        return f"{bench.title} corta a {spanish(probe.read)} tokens {asked}."
    return f"no ve el principio de {asked}; {bench.title} leyó {spanish(probe.read)}."


def _more(bench: Bench, probe: Probe) -> str:
    entry = bench.entry
    if entry.provider == "openai" and OLLAMA_PORT in (entry.base_url or ""):
        return 'Use server = "ollama" sin provider ni base_url: por /v1 no se puede pedir num_ctx.'
    if probe.returned or probe.read is None or probe.read < MIN_CONTEXT:
        return bench.context_remedy
    return f"{bench.context_remedy} Si no da más, ponga context_tokens = {probe.read}."
