import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.codec import (
    decode_answer,
    decode_question,
    encode_answer,
    encode_question,
    storable,
)
from rag.domain import Answer, Provenance, Question
from rag.errors import ConversationError
from tests.conversations.stored import answer
from tests.product import assistant

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.builds(
    Answer,
    confidence=st.none() | FINITE,
    provenance=st.builds(Provenance, timings_ms=st.dictionaries(st.text(), FINITE)),
)


@given(ANSWERS)
def test_any_answer_comes_back_as_it_was(given_answer: Answer) -> None:
    assert decode_answer(encode_answer(given_answer)) == given_answer


@given(st.from_type(Question))
def test_any_question_comes_back_as_it_was(question: Question) -> None:
    assert decode_question(encode_question(question)) == question


@pytest.mark.parametrize(
    "question",
    [
        "¿Apoya la energía nuclear?",
        "¿qué subsecciones tiene el programa de la paz?",
        "Will China buy submarines from Bolivia?",
        "在哪里提到人工智能？",
        "Olá",
    ],
)
def test_an_answer_of_the_product_comes_back_as_it_was(question: str) -> None:
    given_answer = assistant().ask(Question(question))
    assert decode_answer(encode_answer(given_answer)) == given_answer


def test_fields_of_a_later_version_are_passed_over() -> None:
    content = json.loads(encode_answer(answer()))
    content |= {"mood": "good"}
    content["provenance"]["planet"] = {"name": "Mars"}
    content["citations"][0]["page"] = 3
    assert decode_answer(json.dumps(content)) == answer()


def test_fields_that_an_earlier_version_did_not_have_get_their_default() -> None:
    content = json.loads(encode_answer(answer()))
    del content["confidence"], content["provenance"]["tokens"]
    assert decode_answer(json.dumps(content)) == answer()


@pytest.mark.parametrize("text", ["", "{}", '{"status": "sung"}', "null"])
def test_what_is_no_answer_is_an_error_with_its_remedy(text: str) -> None:
    with pytest.raises(ConversationError) as caught:
        decode_answer(text)
    assert caught.value.remedy


def test_a_lone_surrogate_becomes_a_mark() -> None:
    broken = replace(answer(), text="a\ud800b")
    assert decode_answer(encode_answer(broken)).text == "a\ufffdb"


def test_a_pair_of_surrogates_that_is_a_letter_stays() -> None:
    assert decode_question(encode_question(Question("😀"))).text == "😀"


def test_text_is_made_storable() -> None:
    assert storable("a\0b\udfff") == "ab\ufffd"
