import json
from pathlib import Path

from rag.answer.receipts import read
from rag.answer.rechecking import check
from rag.conversations.codec import decode_answer, decode_question
from rag.conversations.exports.machine import FORMAT, write
from tests.conversations.exports.kept import conversation, receipts
from tests.product import Line, cinco_here, document


def written() -> Line:
    """The file, as another program reads it."""
    content: Line = json.loads(write(conversation(), receipts(), "es"))
    return content


def test_it_says_its_format_and_what_it_is_of() -> None:
    content = written()
    assert (content["format"], content["begun"]) == (FORMAT, "2026-03-01T12:30:15.123456+00:00")


def test_every_turn_is_whole() -> None:
    for turn, content in zip(conversation().turns, written()["turns"], strict=True):
        answer = content["answer"]
        assert decode_question(json.dumps(content["question"])) == turn.question
        assert (decode_answer(json.dumps(answer)) if answer else None) == turn.answer
        assert content["partial"] == turn.partial
        assert (content["feedback"] is None) == (turn.feedback is None)


def test_every_receipt_taken_out_of_it_verifies() -> None:
    found = [turn["receipt"] for turn in written()["turns"] if turn["receipt"]]
    assert len(found) == 3
    for content in found:
        assert check(read(json.dumps(content).encode()), document()) == ()


def test_the_verify_command_takes_a_receipt_out_of_it(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(written()["turns"][0]["receipt"]))
    assert cinco_here("verify", str(file)).returncode == 0


def test_it_names_no_owner_and_no_id() -> None:
    assert {"owner", "id"}.isdisjoint(written())
