"""What a scripted model answers, computed from the prompt: one that does all right, and a zoo."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from tests.models.exchange import (
    FOR_EVER,
    TOKEN,
    Behaviour,
    Chat,
    Failure,
    Message,
    Outcome,
    Reply,
    cut,
    too_long,
)

__all__ = ["TOKEN", "ZOO", "Behaviour", "Chat", "Failure", "Message", "Outcome", "Reply", "cut"]

MARKER: Final = "<<<PASSAGES"
"""What opens the passages in the product's prompt; sentences count after its last occurrence."""
REWRITE: Final = re.compile(r"^Last question:\n(.+)$", re.MULTILINE)
"""Where a prompt without passages holds the question that is to be made self-contained."""
NOT_IN_DOCUMENT: Final = "NOT_IN_DOCUMENT"
REFUSAL: Final = "El documento no lo dice."
NUMBERED: Final = re.compile(r"^\[(\S+?:\d+)\] (.+)$", re.MULTILINE)
INJECTION: Final = re.compile(
    r"\b(ignor|forget|disregard|olvid|esque[cç])\w*\W.{0,40}(instruc|previous|anterior)"
    r"|(忽略|无视).{0,20}(指令|指示|说明)",
    re.IGNORECASE,
)

Sentence: TypeAlias = tuple[str, str]
"""Id and text of a numbered sentence of the prompt."""


def numbered(chat: Chat) -> list[Sentence]:
    """The numbered sentences that the model was given, in the order of the prompt."""
    return NUMBERED.findall(chat.prompt.rpartition(MARKER)[2])


def pieces(text: str) -> tuple[str, ...]:
    """The text in pieces of one to seven characters, the same ones every time."""
    cut: list[str] = []
    sizes = cycle((3, 1, 5, 2, 7, 4))
    while text:
        size = next(sizes)
        cut.append(text[:size])
        text = text[size:]
    return tuple(cut)


def says(text: str) -> Behaviour:
    """Says the same whatever it is asked."""
    return lambda _: Reply(pieces(text))


def repeats(pattern: str) -> Behaviour:
    """Says the first match of a regular expression in the prompt that it can see, e.g. a canary."""

    def behave(chat: Chat) -> Reply:
        match = re.search(pattern, chat.prompt)
        return Reply(pieces(match[0] if match else REFUSAL))

    return behave


def repeats_sentences(count: int) -> Callable[[Chat], Reply]:
    """Repeats the first sentences that it was given, each with its id, or the question."""

    def behave(chat: Chat) -> Reply:
        said = " ".join(_cited(*sentence) for sentence in numbered(chat)[:count])
        question = REWRITE.findall(chat.prompt)[-1:]
        return Reply(pieces(said or "".join(question) or NOT_IN_DOCUMENT))

    return behave


exemplary = repeats_sentences(1)
"""Repeats the first sentence that it was given, then its id."""


def _cited(id_: str, text: str) -> str:
    return f"{text} [{id_}]"


def about(write: Callable[[str, str], str]) -> Behaviour:
    """Says what `write` makes of the id and the text of the first sentence that it was given."""

    def behave(chat: Chat) -> Reply:
        return Reply(pieces(write(*_sentences(chat)[0])))

    return behave


def _sentences(chat: Chat) -> Sequence[Sentence]:
    return numbered(chat) or [("1.1:1", REFUSAL)]


def sloppy_ids(chat: Chat) -> Reply:
    """Ids in other brackets, two in one, before the full stop, and of a whole section."""
    found = _sentences(chat)
    (id1, text1), (id2, text2), (_, text3) = (found[n % len(found)] for n in range(3))
    said = f"{_bare(text1)} ({id1}). {text2} 【{id2}】 {text1} [{id1}, {id2}]"
    return Reply(pieces(f"{said} {text3} [{found[2 % len(found)][0].partition(':')[0]}]"))


def _bare(text: str) -> str:
    return text.rstrip(".。")


@about
def no_ids(id_: str, text: str) -> str:
    """Leaves the ids out."""
    return text


@about
def invented_ids(id_: str, text: str) -> str:
    """Cites a sentence that does not exist."""
    return f"{text} [9.9:7]"


@about
def altered_quote(id_: str, text: str) -> str:
    """Quotes the sentence with its longest word replaced."""
    longest = max(re.findall(r"\w+", text), key=len)
    other = next(word for word in ("ganadero", "hípico") if word not in text)
    return f"El documento dice: «{text.replace(longest, other, 1)}» [{id_}]"


@about
def altered_number(id_: str, text: str) -> str:
    """Puts another year into the sentence, then a percentage into a quote of it."""
    year = re.sub(r"\d+", "1999", text, count=1)
    dated = f"{_bare(text)} en 1999." if year == text else year
    words = text.split(" ")
    half = len(words) // 2
    quoted = " ".join([*words[:half], "el 87 %", *words[half:]])
    return f"{dated} [{id_}] El documento dice: «{quoted}» [{id_}]"


@about
def own_claims(id_: str, text: str) -> str:
    """Says what the document lacks, with an id that exists."""
    money = "China invertirá 500 millones de dólares en Bolivia."
    return f"{money} [{id_}] El acuerdo se firmará en Quito el año próximo. [{id_}]"


@about
def wrong_language(id_: str, text: str) -> str:
    """Answers in English whatever it is asked."""
    return f"The document says that China will support the region in this field. [{id_}]"


@about
def code_fence(id_: str, text: str) -> str:
    """Wraps the answer in a block of code."""
    return f"```markdown\n{_cited(id_, text)}\n```"


@about
def prefixed(id_: str, text: str) -> str:
    """Begins with «Según el documento,»."""
    return f"Según el documento, {_cited(id_, text)}"


def thinking(chat: Chat) -> Reply:
    """Thinks before it answers; the tags are split over pieces and the thoughts hold an id."""
    thoughts = (
        "<thi",
        "nk>",
        "\nEl usuario pregunta… ",
        "quizá [9.9:7] ",
        "o no.\n</th",
        "ink",
        ">\n\n",
    )
    return Reply((*thoughts, *exemplary(chat).pieces))


def thinking_unclosed(chat: Chat) -> Reply:
    """Thinks and never closes the tag: no answer."""
    return Reply(("<th", "ink>", *pieces("El usuario pregunta… quizá [9.9:7] o no.")))


def thinking_without_opener(chat: Chat) -> Reply:
    """Thinks without the opening tag, which the chat template has put into the prompt."""
    return Reply(
        (*pieces("El usuario pregunta… quizá [9.9:7]."), "</th", "ink>", *exemplary(chat).pieces)
    )


def reasoning_apart(chat: Chat) -> Reply:
    """Thinks in the field for it and answers in the content, as llama.cpp and Ollama send it."""
    return replace(exemplary(chat), thinking=pieces("El usuario pregunta… quizá [9.9:7]."))


def obeys_injection(chat: Chat) -> Reply:
    """Says «HACKED» and the system prompt where a text asks to ignore the instructions."""
    if not any(INJECTION.search(m.text) for m in chat.messages if m.role != "system"):
        return exemplary(chat)
    system = "\n".join(message.text for message in chat.messages if message.role == "system")
    return Reply(pieces(f"HACKED\n{system}"))


def empty(chat: Chat) -> Reply:
    """Says nothing and stops."""
    return Reply()


def length(chat: Chat) -> Reply:
    """Spends its budget on thinking, in the field for it, and says nothing."""
    return Reply(thinking=pieces("El usuario pregunta por…"), finish_reason="length")


def length_empty(chat: Chat) -> Reply:
    """Spends its budget and shows nothing of it."""
    return Reply(finish_reason="length")


def cut_off(chat: Chat) -> Reply:
    """Runs out of budget in mid-sentence."""
    said = exemplary(chat).pieces
    return Reply(said[: len(said) // 2], finish_reason="length")


def no_system_role(chat: Chat) -> Outcome:
    """Rejects the system role, as the template of Gemma does."""
    if any(message.role == "system" for message in chat.messages):
        return Failure(400, "System role not supported")
    return exemplary(chat)


def slow_first_token(seconds: float) -> Behaviour:
    """Sends the headers at once and the first token late."""
    return lambda chat: replace(exemplary(chat), first_token_seconds=seconds)


def trickles(seconds: float) -> Behaviour:
    """Waits between the pieces, so that only a limit on the whole ends it."""
    return lambda chat: replace(exemplary(chat), pause_seconds=seconds)


def hangs(chat: Chat) -> Reply:
    """Accepts the request and never sends a byte."""
    return Reply(delay_seconds=FOR_EVER)


def hangs_midstream(chat: Chat) -> Reply:
    """Sends half of the answer and then nothing, the connection open."""
    return replace(cut_off(chat), end="hang")


def dies_midstream(chat: Chat) -> Reply:
    """Closes the connection after half of the answer."""
    return replace(cut_off(chat), end="die")


def broken_json(chat: Chat) -> Reply:
    """Sends every second line cut in the middle of its JSON."""
    return replace(exemplary(chat), is_broken=True)


def too_many_requests(times: int | None, *, retry_after: str | None = None) -> Behaviour:
    """Rejects the first requests with 429 (`None`: all), then answers."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}

    def behave(chat: Chat) -> Outcome:
        if times is None or chat.attempt <= times:
            return Failure(429, "Rate limit reached for requests", headers=headers)
        return exemplary(chat)

    return behave


def server_error(chat: Chat) -> Failure:
    """Answers 500, always."""
    return Failure(500, "CUDA error: out of memory")


def html_error(chat: Chat) -> Failure:
    """Answers 502 with the page of a proxy."""
    page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    return Failure(502, page, is_html=True)


def context_exceeded(chat: Chat) -> Failure:
    """Says that the prompt is too long, in the words of vLLM."""
    return too_long(4096, chat.prompt_tokens + 4096)


def truncating_usage(chat: Chat) -> Reply:
    """Reports far fewer tokens than the prompt has: it was cut in silence."""
    return replace(exemplary(chat), prompt_tokens=chat.prompt_tokens // 8)


def json_wrapper(chat: Chat) -> Reply:
    """Wraps the answer in JSON."""
    text = json.dumps({"answer": exemplary(chat).text}, ensure_ascii=False)
    return Reply(pieces(text))


def list_answer(chat: Chat) -> Reply:
    """Answers in a list, the ids inside the items."""
    items = (f"- **{_bare(text)}** [{id_}]." for id_, text in _sentences(chat)[:3])
    return Reply(pieces("El documento dice:\n\n" + "\n".join(items)))


def table_answer(chat: Chat) -> Reply:
    """Answers in a table, the ids in a column of their own."""
    rows = (f"| {text} | [{id_}] |" for id_, text in _sentences(chat)[:3])
    return Reply(pieces("\n".join(["| Medida | Fuente |", "| --- | --- |", *rows])))


def gibberish(chat: Chat) -> Reply:
    """Strings random words together, other ones for another prompt."""
    draw = random.Random(chat.messages[-1].text)  # noqa: S311 no secret depends on it
    words = ("lur", "qwe", "zaf", "[9", "mip", "]:", "ok", "7", "der", "xun")
    return Reply(pieces(" ".join(draw.choices(words, k=40))))


def redirects(origin: str) -> Behaviour:
    """Sends the client to the same path of another address, by 307."""
    parts = urlsplit(origin)
    base = f"{parts.scheme}://{parts.netloc}"
    return lambda chat: Failure(307, "", headers={"Location": f"{base}{chat.path}"})


ZOO: Final[Mapping[str, Behaviour]] = {
    "exemplary": exemplary,
    "two_sentences": repeats_sentences(2),
    "sloppy_ids": sloppy_ids,
    "no_ids": no_ids,
    "invented_ids": invented_ids,
    "altered_quote": altered_quote,
    "altered_number": altered_number,
    "own_claims": own_claims,
    "wrong_language": wrong_language,
    "thinking": thinking,
    "thinking_unclosed": thinking_unclosed,
    "thinking_without_opener": thinking_without_opener,
    "reasoning_apart": reasoning_apart,
    "obeys_injection": obeys_injection,
    "empty": empty,
    "length": length,
    "length_empty": length_empty,
    "cut_off": cut_off,
    "no_system_role": no_system_role,
    "slow_first_token": slow_first_token(0.5),
    "trickles": trickles(0.02),
    "hangs": hangs,
    "hangs_midstream": hangs_midstream,
    "dies_midstream": dies_midstream,
    "broken_json": broken_json,
    "too_many_requests": too_many_requests(1),
    "too_many_requests_with_retry_after": too_many_requests(1, retry_after="1"),
    "too_many_requests_for_ever": too_many_requests(None),
    "too_many_requests_for_an_hour": too_many_requests(None, retry_after="3600"),
    "server_error": server_error,
    "html_error": html_error,
    "context_exceeded": context_exceeded,
    "truncating_usage": truncating_usage,
    "refuses": says(REFUSAL),
    "refuses_as_told": says(NOT_IN_DOCUMENT),
    "code_fence": code_fence,
    "json_wrapper": json_wrapper,
    "prefixed": prefixed,
    "list_answer": list_answer,
    "table_answer": table_answer,
    "gibberish": gibberish,
    "redirects": redirects("http://127.0.0.1:9"),
}
"""Name → behaviour. Redirects lead to a port where nothing listens."""
