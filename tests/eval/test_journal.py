"""Lines that survive a killed process."""

from pathlib import Path

import pytest

from eval.journal import Journal, JournalError, read


def test_lines_come_back_in_their_order(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.append({"n": 1, "text": "ñ\ud800"})
        journal.append({"n": 2})
    assert [line["n"] for line in read(tmp_path / "j")] == [1, 2]


@pytest.mark.parametrize("torn", [b'{"n": 2', b'{"n": 2}', b"\x00\x00\x00\n", b"7\n"])
def test_a_half_written_last_line_is_dropped(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "j").write_bytes(b'{"n": 1}\n' + torn)
    assert read(tmp_path / "j") == [{"n": 1}]
    with Journal(tmp_path / "j") as journal:
        journal.append({"n": 3})
    assert (tmp_path / "j").read_bytes() == b'{"n": 1}\n{"n": 3}\n'


def test_a_damaged_line_in_the_middle_is_an_error_and_not_a_lost_result(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b'{"n": 1}\n{"n"\n{"n": 3}\n')
    with pytest.raises(JournalError):
        read(tmp_path / "j")


def test_reading_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b'{"n": 1}\n{"n"')
    read(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == b'{"n": 1}\n{"n"'
