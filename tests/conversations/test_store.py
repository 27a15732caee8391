import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.conversations.conversation import MAX_COMMENT, Feedback
from rag.conversations.database import sqlite_url
from rag.conversations.store import ConversationStore, open_store
from rag.domain import Question
from rag.settings import Settings
from tests.conversations.stored import (
    MOMENT,
    OWNER,
    STRANGER,
    answer,
    asked,
    loaded,
    raw,
    tell,
    turns,
)

USEFUL = Feedback(True, None, "", MOMENT)
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"


class Hands:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = MOMENT

    def __call__(self) -> datetime:
        """The time."""
        self.now += timedelta(seconds=1)
        return self.now


class TestATurn:
    def test_is_there_before_its_answer_is(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Becas?")
        question = Question("¿Becas?", "pt", 3)
        store.begin_turn(
            OWNER, new, replace(asked("", is_alone=True, model="q"), question=question)
        )
        (turn,) = turns(store, new)
        assert (turn.question, turn.answer, turn.partial) == (question, None, "")
        assert (turn.asked_at, turn.is_alone, turn.model) == (MOMENT, True, "q")

    def test_keeps_what_has_come_of_its_answer(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Becas?")
        ordinal = store.begin_turn(OWNER, new, asked("¿Becas?")) or 0
        assert store.keep_partial(OWNER, new, ordinal, "Hay\0 be\ud800")
        (turn,) = turns(store, new)
        assert (turn.is_finished, turn.partial) == (False, "Hay be\ufffd")

    def test_has_its_answer_when_it_is_finished(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Becas?")
        ordinal = store.begin_turn(OWNER, new, asked("¿Becas?")) or 0
        store.keep_partial(OWNER, new, ordinal, "Hay")
        assert store.finish_turn(OWNER, new, ordinal, answer())
        (turn,) = turns(store, new)
        assert (turn.answer, turn.partial) == (answer(), "")

    def test_that_is_finished_takes_no_part_of_an_answer(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        assert not store.keep_partial(OWNER, new, 1, "Hay")
        assert turns(store, new)[0].partial == ""

    def test_stands_behind_those_before_it(self, store: ConversationStore) -> None:
        new = tell(store, "uno", "dos", "tres")
        assert [turn.question.text for turn in turns(store, new)] == ["uno", "dos", "tres"]


class TestReplacing:
    def test_drops_a_turn_and_those_behind_it(self, store: ConversationStore) -> None:
        new = tell(store, "uno", "dos", "tres")
        assert store.replace_from(OWNER, new, 2)
        assert [turn.question.text for turn in turns(store, new)] == ["uno"]

    def test_in_one_step_leaves_the_new_question(self, store: ConversationStore) -> None:
        new = tell(store, "uno", "dos", "tres")
        store.begin_turn(OWNER, new, asked("otra"), replacing=2)
        assert [turn.question.text for turn in turns(store, new)] == ["uno", "otra"]

    def test_never_gives_an_answer_that_comes_too_late_to_another_question(
        self, store: ConversationStore
    ) -> None:
        new = tell(store, "uno")
        late = store.begin_turn(OWNER, new, asked("dos")) or 0
        again = store.begin_turn(OWNER, new, asked("dos, mejor dicho"), replacing=late)
        assert again != late
        assert not store.keep_partial(OWNER, new, late, "tarde")
        assert not store.finish_turn(OWNER, new, late, answer("tarde"))
        assert turns(store, new)[-1].answer is None

    def test_takes_the_feedback_with_it(self, store: ConversationStore) -> None:
        new = tell(store, "uno", "dos")
        store.put_feedback(OWNER, new, 2, USEFUL)
        store.replace_from(OWNER, new, 2)
        assert list(store.rated()) == []

    def test_the_first_question_renames_the_conversation(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        store.begin_turn(OWNER, new, asked("¿Pesca?"), replacing=1)
        assert loaded(store, new).title == "¿Pesca?"

    def test_the_first_question_keeps_a_title_that_was_given(
        self, store: ConversationStore
    ) -> None:
        new = tell(store, "¿Becas?")
        store.rename(OWNER, new, "Mi tesis")
        store.begin_turn(OWNER, new, asked("¿Pesca?"), replacing=1)
        assert loaded(store, new).title == "Mi tesis"


STRANGE: dict[str, Callable[[ConversationStore, str, str], object]] = {
    "load": lambda store, owner, id_: store.load(owner, id_),
    "rename": lambda store, owner, id_: store.rename(owner, id_, "Mía"),
    "delete": lambda store, owner, id_: store.delete(owner, id_),
    "begin_turn": lambda store, owner, id_: store.begin_turn(owner, id_, asked("¿Y?")),
    "replacing": lambda store, owner, id_: store.begin_turn(owner, id_, asked("¿Y?"), replacing=1),
    "keep_partial": lambda store, owner, id_: store.keep_partial(owner, id_, 2, "x"),
    "finish_turn": lambda store, owner, id_: store.finish_turn(owner, id_, 1, answer("x")),
    "replace_from": lambda store, owner, id_: store.replace_from(owner, id_, 1),
    "put_feedback": lambda store, owner, id_: store.put_feedback(owner, id_, 1, USEFUL),
    "take feedback back": lambda store, owner, id_: store.put_feedback(owner, id_, 1, None),
    "feedback_on": lambda store, owner, id_: store.feedback_on(owner, id_, 1),
}


@pytest.mark.parametrize("method", STRANGE)
class TestWhatIsNotMine:
    def test_is_what_does_not_exist(self, store: ConversationStore, method: str) -> None:
        foreign = tell(store, "¿Becas?")
        store.put_feedback(OWNER, foreign, 1, USEFUL)
        of_a_stranger = STRANGE[method](store, STRANGER, foreign)
        assert of_a_stranger is STRANGE[method](store, OWNER, UNKNOWN)
        assert not of_a_stranger

    def test_is_not_changed(self, store: ConversationStore, method: str) -> None:
        foreign = tell(store, "¿Becas?")
        store.put_feedback(OWNER, foreign, 1, USEFUL)
        store.begin_turn(OWNER, foreign, asked("¿Y?"))
        before = loaded(store, foreign)
        STRANGE[method](store, STRANGER, foreign)
        assert loaded(store, foreign) == before


def test_strangers_see_and_find_and_delete_nothing(store: ConversationStore) -> None:
    tell(store, "¿Becas?")
    seen = store.recent(STRANGER), store.search(STRANGER, "becas"), store.delete_all(STRANGER)
    assert seen == ((), (), 0)
    assert len(store.recent(OWNER)) == 1


class TestAListing:
    def test_has_the_last_used_first(self, tmp_path: Path) -> None:
        store = ConversationStore(sqlite_url(tmp_path / "c.sqlite"), now=Hands())
        old, new = tell(store, "vieja"), tell(store, "nueva")
        assert [summary.id for summary in store.recent(OWNER)] == [new, old]
        store.begin_turn(OWNER, old, asked("otra vez"))
        assert [summary.id for summary in store.recent(OWNER)] == [old, new]
        store.close()

    def test_says_title_times_and_number_of_turns(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?", "¿Y para maestros?")
        (summary,) = store.recent(OWNER)
        stored = loaded(store, new)
        assert (summary.title, summary.turns) == ("¿Becas?", 2)
        assert (summary.begun, summary.used) == (stored.begun, stored.used)
        assert summary.used.tzinfo is not None

    def test_leaves_out_what_has_no_turns(self, store: ConversationStore) -> None:
        store.begin(OWNER, "¿Becas?")
        assert store.recent(OWNER) == ()

    def test_is_cut_at_its_limit(self, store: ConversationStore) -> None:
        for number in range(3):
            tell(store, f"pregunta {number}")
        assert len(store.recent(OWNER, limit=2)) == 2


class TestASearch:
    @pytest.mark.parametrize(
        "query",
        ["ENERGIA", "energía", "nergí", "nuclear energia", "respuesta energia", "RESPUESTA"],
    )
    def test_finds_without_case_and_accents(self, store: ConversationStore, query: str) -> None:
        tell(store, "¿Apoya la Energía NUCLEAR?")
        assert len(store.search(OWNER, query)) == 1

    @pytest.mark.parametrize(
        ("question", "query"),
        [
            ("Há cooperação espacial?", "COOPERACAO"),
            ("Does it mention résumés?", "resumes"),
            ("文件提到人工智能了吗？", "人工智能"),
            ("中国ＡＩ政策", "ai"),
        ],
    )
    def test_finds_in_four_languages(
        self, store: ConversationStore, question: str, query: str
    ) -> None:
        tell(store, question)
        assert len(store.search(OWNER, query)) == 1

    @pytest.mark.parametrize("query", ["%", "_", "b_cas", "b%s", "/", "' OR 1=1 --"])
    def test_takes_no_character_for_others(self, store: ConversationStore, query: str) -> None:
        tell(store, "¿Becas?")
        assert store.search(OWNER, query) == ()

    @pytest.mark.parametrize(
        ("question", "other", "query"),
        [("al 100% ya", "al 1000 ya", "100%"), ("un a_b", "un axb", "a_b"), ("a/b", "ab", "a/b")],
    )
    def test_finds_wildcards_where_they_are_written(
        self, store: ConversationStore, question: str, other: str, query: str
    ) -> None:
        tell(store, other)
        wanted = tell(store, question)
        assert [summary.id for summary in store.search(OWNER, query)] == [wanted]

    def test_finds_a_title_that_was_given(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        store.rename(OWNER, new, "Capítulo Tercero")
        assert len(store.search(OWNER, "capitulo")) == 1

    def test_finds_what_is_quoted(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Y?")
        store.begin_turn(OWNER, new, asked("¿Y?"))
        store.finish_turn(OWNER, new, 1, answer("Sí\\.", "fines pacíficos"))
        assert len(store.search(OWNER, "pacificos")) == 1

    def test_needs_every_word(self, store: ConversationStore) -> None:
        tell(store, "¿Becas?")
        assert store.search(OWNER, "becas pesca") == ()

    def test_counts_all_turns_of_what_it_finds(self, store: ConversationStore) -> None:
        tell(store, "¿Becas?", "¿Pesca?")
        assert [summary.turns for summary in store.search(OWNER, "pesca")] == [2]

    def test_for_nothing_finds_all(self, store: ConversationStore) -> None:
        tell(store, "¿Becas?")
        assert store.search(OWNER, " ") == store.recent(OWNER)

    def test_does_not_find_what_was_replaced(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?", "¿Pesca?")
        store.replace_from(OWNER, new, 2)
        assert store.search(OWNER, "pesca") == ()


class TestATitle:
    def test_is_the_first_question(self, store: ConversationStore) -> None:
        assert loaded(store, tell(store, "¿Becas?", "¿Y?")).title == "¿Becas?"

    def test_can_be_given(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        assert store.rename(OWNER, new, "  Mi\n\x00 \u202etesis ")
        assert loaded(store, new).title == "Mi tesis"

    def test_has_at_most_120_characters(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        store.rename(OWNER, new, "中" * 500)
        assert loaded(store, new).title == "中" * 120

    @pytest.mark.parametrize("title", ["", " \n", "\u202e"])
    def test_is_never_empty(self, store: ConversationStore, title: str) -> None:
        new = tell(store, "¿Becas?")
        assert not store.rename(OWNER, new, title)
        assert loaded(store, new).title == "¿Becas?"


class TestFeedback:
    def test_is_kept_with_its_turn(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?", "¿Pesca?")
        given = Feedback(False, "wrong_section", "Es 中国 la 3.3", MOMENT)
        assert store.put_feedback(OWNER, new, 2, given)
        assert [turn.feedback for turn in turns(store, new)] == [None, given]
        assert store.feedback_on(OWNER, new, 2) == given

    def test_can_be_changed_and_taken_back(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        store.put_feedback(OWNER, new, 1, Feedback(False, "other", "", MOMENT))
        store.put_feedback(OWNER, new, 1, USEFUL)
        assert store.feedback_on(OWNER, new, 1) == USEFUL
        assert store.put_feedback(OWNER, new, 1, None)
        assert store.feedback_on(OWNER, new, 1) is None

    def test_has_a_comment_of_limited_length(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        store.put_feedback(OWNER, new, 1, replace(USEFUL, comment="x" * 5000))
        kept = store.feedback_on(OWNER, new, 1)
        assert kept is not None
        assert kept.comment == "x" * MAX_COMMENT

    def test_on_a_turn_that_is_not_there_is_refused(self, store: ConversationStore) -> None:
        assert not store.put_feedback(OWNER, tell(store, "¿Becas?"), 7, USEFUL)

    def test_is_listed_for_the_operator_whosever_it_is(self, store: ConversationStore) -> None:
        tell(store, "¿Becas?")
        mine, foreign = tell(store, "¿Pesca?"), tell(store, "¿Minas?", owner=STRANGER)
        store.put_feedback(OWNER, mine, 1, USEFUL)
        store.put_feedback(STRANGER, foreign, 1, USEFUL)
        assert [conversation.id for conversation in store.rated()] == [mine, foreign]


class TestDeletion:
    TOLD = "secretísimo"

    def fill(self, store: ConversationStore) -> str:
        """A conversation that holds the secret in every place, and in every size."""
        new = store.begin(OWNER, f"¿{self.TOLD}?")
        for size in (1, 3, 40, 200, 1000, 3000) * 4:
            ordinal = store.begin_turn(OWNER, new, asked(f"{self.TOLD} " * size)) or 0
            store.keep_partial(OWNER, new, ordinal, f"{self.TOLD} " * size)
            store.finish_turn(OWNER, new, ordinal, answer(f"{self.TOLD} " * size, self.TOLD))
            given = Feedback(False, "other", f"{self.TOLD} " * size, MOMENT)
            store.put_feedback(OWNER, new, ordinal, given)
        store.rename(OWNER, new, f"Título {self.TOLD}")
        return new

    def remains(self, folder: Path) -> bool:
        """Whether any file still holds the secret, as written or folded."""
        content = raw(folder)
        return any(trace in content for trace in (self.TOLD.encode(), b"secretisimo", b"secret"))

    def test_the_secret_can_be_seen_in_the_files(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        self.fill(store)
        assert self.remains(tmp_path)

    def test_leaves_no_trace_of_a_conversation_in_the_files(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        kept = tell(store, "¿Becas?")
        secret = self.fill(store)
        assert store.delete(OWNER, secret)
        assert not self.remains(tmp_path)
        assert store.load(OWNER, secret) is None
        assert len(turns(store, kept)) == 1

    def test_leaves_no_trace_of_dropped_turns(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        new = self.fill(store)
        store.begin_turn(OWNER, new, asked("¿Becas?"), replacing=1)
        store.rename(OWNER, new, "Becas")
        store.begin_turn(OWNER, new, asked("¿Becas?"), replacing=1)
        assert not self.remains(tmp_path)

    def test_leaves_no_trace_with_other_connections_open(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        other = ConversationStore(sqlite_url(tmp_path / "c.sqlite"))
        secret = self.fill(store)
        assert len(turns(other, secret)) == 24
        assert other.delete(OWNER, secret)
        assert not self.remains(tmp_path)
        other.close()

    def test_of_everything_leaves_what_others_have(
        self, store: ConversationStore, tmp_path: Path
    ) -> None:
        foreign = tell(store, "¿Becas?", owner=STRANGER)
        self.fill(store)
        tell(store, "otra")
        assert store.delete_all(OWNER) == 2
        assert store.recent(OWNER) == ()
        assert not self.remains(tmp_path)
        assert store.load(STRANGER, foreign) is not None

    def test_while_an_answer_is_sought_ends_the_turn(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Becas?")
        ordinal = store.begin_turn(OWNER, new, asked("¿Becas?")) or 0
        store.delete(OWNER, new)
        assert not store.finish_turn(OWNER, new, ordinal, answer())
        assert store.search(OWNER, "") == ()


class TestRetention:
    def test_deletes_what_nobody_has_continued(self, tmp_path: Path) -> None:
        hands = Hands()
        store = ConversationStore(sqlite_url(tmp_path / "c.sqlite"), now=hands)
        old, kept = tell(store, "vieja"), tell(store, "continuada")
        hands.now += timedelta(days=30)
        store.begin_turn(OWNER, kept, asked("¿Y?"))
        assert store.purge(timedelta(days=29)) == 1
        assert store.load(OWNER, old) is None
        assert store.load(OWNER, kept) is not None
        store.close()

    def test_is_kept_when_the_store_is_opened(self, tmp_path: Path) -> None:
        hands = Hands()
        url = sqlite_url(tmp_path / "c.sqlite")
        store = ConversationStore(url, now=hands)
        tell(store, "vieja")
        store.close()
        hands.now += timedelta(days=30)
        again = ConversationStore(url, now=hands, retention=timedelta(days=29))
        assert again.recent(OWNER) == ()
        again.close()

    def test_is_none_unless_it_is_set(self, tmp_path: Path) -> None:
        url = sqlite_url(tmp_path / "conversations.sqlite")
        store = ConversationStore(url, now=lambda: datetime(1990, 1, 1, tzinfo=UTC))
        tell(store, "vieja")
        store.close()
        kept = open_store(Settings(data_dir=tmp_path))
        assert len(kept.recent(OWNER)) == 1
        kept.close()
        purged = open_store(Settings(data_dir=tmp_path, retention_days=1))
        assert purged.recent(OWNER) == ()
        purged.close()


class TestThreads:
    def test_that_write_at_once_lose_nothing(self, store: ConversationStore) -> None:
        new = store.begin(OWNER, "¿Becas?")
        together = threading.Barrier(8)

        def write(number: int) -> None:
            together.wait()
            for step in range(5):
                ordinal = store.begin_turn(OWNER, new, asked(f"{number}-{step}"))
                assert ordinal is not None
                assert store.keep_partial(OWNER, new, ordinal, "parte")
                assert store.finish_turn(OWNER, new, ordinal, answer(f"{number}-{step}"))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(8)))
        stored = turns(store, new)
        assert len({turn.ordinal for turn in stored}) == 40
        assert all(t.answer is not None and t.answer.text == t.question.text for t in stored)

    def test_that_read_meanwhile_see_whole_turns(self, store: ConversationStore) -> None:
        new = tell(store, "¿Becas?")
        done = threading.Event()

        def read() -> int:
            reads = 0
            while not done.is_set():
                # a question and its replacement are one step: there is always one turn
                assert len(turns(store, new)) == 1
                reads += 1
            return reads

        with ThreadPoolExecutor(2) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            for number in range(30):
                store.begin_turn(OWNER, new, asked(f"otra {number}"), replacing=1)
            done.set()
            assert all(reader.result() > 0 for reader in readers)


def test_a_conversation_is_the_same_after_a_restart(
    store: ConversationStore, tmp_path: Path
) -> None:
    new = tell(store, "¿Becas?", "¿Y para maestros?")
    before = loaded(store, new)
    store.close()
    again = ConversationStore(sqlite_url(tmp_path / "c.sqlite"))
    assert loaded(again, new) == before
    again.close()
