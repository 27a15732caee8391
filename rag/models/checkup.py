"""Does a chat model do what the product needs? One finding per property, each with its remedy."""

from collections.abc import Callable, Iterator, Mapping

from rag.domain import Usage
from rag.errors import RagError
from rag.models import capacity
from rag.models.bench import Bench, Reply, silence, texts
from rag.models.failures import Kind, Trouble
from rag.models.finding import Finding, spanish
from rag.models.listing import Limits, Listing
from rag.models.registry import ChatEntry
from rag.models.status import enumerate_models, has_model, names

LIST_SECONDS = 5.0

FATAL: frozenset[Kind] = frozenset({"unreachable", "timeout", "key"})
"""After these, asking the model is waiting for the same failure."""

LANGUAGES = {"es": "español", "en": "inglés", "pt": "portugués", "zh": "chino"}


def check(entry: ChatEntry) -> Iterator[Finding]:
    """What one model can do, by four requests that take `total_seconds` at most altogether.

    Nothing raises: a failure is a finding, the last one where nothing more can be learned.
    """
    bench = Bench(entry)
    for name, step in STEPS.items():
        try:
            yield from step(bench)
        except RagError as error:
            yield Finding(name, ok=False, detail=error.problem, remedy=error.remedy)
            return


def _server(bench: Bench) -> Iterator[Finding]:
    """Whether it answers, has the model, and tells a context that is long enough."""
    entry = bench.entry
    seconds = min(LIST_SECONDS, bench.seconds_left)
    answer = enumerate_models(entry, Limits(min(entry.connect_seconds, seconds), seconds))
    if isinstance(answer, Trouble) and answer.kind in FATAL:
        raise answer.as_error(entry)
    if not isinstance(answer, Listing):
        yield Finding("servidor", ok=True, detail="no enumera sus modelos; se le pregunta igual")
        return
    yield _listed(entry, answer)
    if finding := _announced(bench, answer):
        yield finding


def _listed(entry: ChatEntry, answer: Listing) -> Finding:
    place = entry.base_url
    if has_model(entry, answer):
        return Finding("servidor", ok=True, detail=f"{place} responde y tiene «{entry.model}»")
    return Finding(
        "servidor",
        ok=False,
        detail=f"{place} responde, pero no enumera «{entry.model}».",
        remedy=f"Corrija model en models.toml; hay: {names(answer)}.",
    )


def _announced(bench: Bench, answer: Listing) -> Finding | None:
    served = answer.find(bench.entry.model) or (answer.models[0] if answer.models else None)
    told, wanted = served.context_tokens if served else None, bench.entry.context_tokens
    if told is None or told >= wanted:
        return None
    return Finding(
        "contexto anunciado",
        ok=False,
        detail=f"{bench.title} da {spanish(told)} tokens; la entrada cuenta con {spanish(wanted)}.",
        remedy=f"{bench.context_remedy} O ponga context_tokens = {told} en models.toml.",
    )


def _sample(bench: Bench) -> Iterator[Finding]:
    """Whether it answers, and how."""
    asked = texts().sample
    reply = bench.ask(asked.system, asked.user)
    if not reply.text:
        raise silence(bench.entry, reply)
    yield _answered(reply)
    yield _streamed(reply)
    yield _counted(reply.usage)
    yield Finding("sistema", ok=True, detail=_system(bench))
    yield Finding("razonamiento", ok=True, detail=_thinking(reply))
    yield _spoken(reply)


def _answered(reply: Reply) -> Finding:
    if reply.is_cut:
        return Finding(
            "respuesta",
            ok=False,
            detail="la respuesta se cortó antes de terminar.",
            remedy="Suba answer_tokens en models.toml.",
        )
    times = f"{reply.seconds:.1f} s, la primera palabra a los {reply.first_seconds:.1f} s"
    return Finding("respuesta", ok=True, detail=f"contesta en {times.replace('.', ',')}")


def _streamed(reply: Reply) -> Finding:
    if reply.pieces > 1:
        return Finding("flujo", ok=True, detail=f"la respuesta llega en {reply.pieces} partes")
    return Finding(
        "flujo",
        ok=False,
        detail="la respuesta llega de una vez, al final.",
        remedy="Quite lo que la retenga entre el servidor y aquí, como un proxy con búfer.",
    )


def _counted(usage: Usage | None) -> Finding:
    told = "dice cuántos tokens lee y escribe" if usage else "no dice cuántos tokens lee"
    return Finding("consumo", ok=True, detail=told)


def _system(bench: Bench) -> str:
    if bench.takes_system:
        return "admite instrucciones del sistema"
    return "no admite instrucciones del sistema; van delante de la pregunta"


def _thinking(reply: Reply) -> str:
    if reply.thinks_aloud:
        return "piensa entre etiquetas dentro de la respuesta; se quitan"
    return "no piensa dentro de la respuesta"


def _spoken(reply: Reply) -> Finding:
    language = texts().language_of(reply.text)
    if language == "es":
        return Finding("idioma", ok=True, detail="contesta en español cuando se le pide")
    told = f"en {LANGUAGES[language]}" if language else "en un idioma que no se reconoce"
    return Finding(
        "idioma",
        ok=False,
        detail=f"se le pidió español y contesta {told}.",
        remedy="Elija un modelo que siga el idioma que se le pide.",
    )


STEPS: Mapping[str, Callable[[Bench], Iterator[Finding]]] = {
    "servidor": _server,
    "respuesta": _sample,
    "contexto": capacity.examine,
}
