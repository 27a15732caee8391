"""Writes a language model of half a megabyte that has learned nothing: random weights, a real file.

Run by the Python that has `gguf`: `python tiny_model.py OUTPUT.gguf TEXT`. The pieces of words that
the model knows are learned from the text, so that what it makes up looks like the text's language.
The same text gives the same bytes.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

MERGES = 900
WIDTH = 64
INNER_WIDTH = 128
HEADS = 4
BLOCKS = 2
CONTEXT = 32_768
SEED = 7

END = "<|im_end|>"
CONTROLS = (END, "<|im_start|>")

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

WORDS = re.compile(r" ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+")
"""Where pieces may not cross, close to what llama.cpp calls `gpt-2`."""

Pair = tuple[str, str]
Word = tuple[str, ...]


def byte_letters() -> list[str]:
    """A printable character for each of the 256 bytes, as GPT-2 assigns them."""
    plain = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def learn_merges(text: str, count: int) -> list[Pair]:
    """The most frequent neighbours, joined one pair after the other (Sennrich et al. 2016)."""
    letters = byte_letters()
    words: Counter[Word] = Counter(
        tuple(letters[byte] for byte in word.encode()) for word in WORDS.findall(text)
    )
    merges: list[Pair] = []
    for _ in range(count):
        pairs: Counter[Pair] = Counter()
        for word, times in words.items():
            for pair in pairwise(word):
                pairs[pair] += times
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = Counter({_merged(word, best): times for word, times in words.items()})
    return merges


def _merged(word: Word, pair: Pair) -> Word:
    joined: list[str] = []
    for piece in word:
        if joined and (joined[-1], piece) == pair:
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def tensors(vocabulary_size: int) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Name and random values of every tensor of the llama architecture."""
    random = np.random.default_rng(SEED)

    def matrix(rows: int, columns: int, spread: float = 1.0) -> NDArray[np.float16]:
        values = random.standard_normal((rows, columns))
        return (values * np.float64(spread / columns**0.5)).astype(np.float16)

    ones = np.ones(WIDTH, dtype=np.float32)
    # As large as what the blocks add to it, or every text would get nearly the same vector.
    yield "token_embd.weight", matrix(vocabulary_size, WIDTH, spread=WIDTH**0.5)
    for block in range(BLOCKS):
        yield f"blk.{block}.attn_norm.weight", ones
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{block}.{part}.weight", matrix(WIDTH, WIDTH)
        yield f"blk.{block}.ffn_norm.weight", ones
        yield f"blk.{block}.ffn_gate.weight", matrix(INNER_WIDTH, WIDTH)
        yield f"blk.{block}.ffn_up.weight", matrix(INNER_WIDTH, WIDTH)
        yield f"blk.{block}.ffn_down.weight", matrix(WIDTH, INNER_WIDTH)
    yield "output_norm.weight", ones
    yield "output.weight", matrix(vocabulary_size, WIDTH)


def write(path: Path, text: str) -> None:
    """Write the model whose vocabulary comes from the text."""
    merges = learn_merges(text, MERGES)
    # Two ways to the same piece are one token.
    tokens = list(dict.fromkeys([*byte_letters(), *map("".join, merges), *CONTROLS]))
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer)
    _describe_vocabulary(writer, tokens, merges)
    for name, values in tensors(len(tokens)):
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("tiny")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER_WIDTH)
    writer.add_block_count(BLOCKS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    # One vector per text: without it, the server's embeddings are one vector per token.
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def _describe_vocabulary(
    writer: gguf.GGUFWriter, tokens: Sequence[str], merges: Sequence[Pair]
) -> None:
    kinds = [
        gguf.TokenType.CONTROL if token in CONTROLS else gguf.TokenType.NORMAL for token in tokens
    ]
    end = tokens.index(END)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


if __name__ == "__main__":
    output, source = map(Path, sys.argv[1:])
    write(output, source.read_text(encoding="utf-8"))
