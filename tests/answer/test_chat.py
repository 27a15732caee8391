import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.answer import protocol
from rag.answer.chat import ChatAnswer
from rag.answer.frames import frame, unescape
from rag.answer.packing import RULE
from rag.answer.prompts import fill
from rag.answer.protocol import Reply, Statement
from rag.answer.rendering import markdown, summary
from rag.answer.writing import Writer
from rag.domain import LANGUAGES, Language, Piece
from rag.errors import ModelError
from tests.answer.writers import TRAITS, FakeModel, Script, answerer, checker, counted, load, says

row = pytest.param

SUN = (
    "China y ALC fortalecerán la cooperación en energías limpias como la solar y la eólica [2.5:3]."
)
ATOM = "También profundizarán el uso de energía nuclear con fines pacíficos [2.5:4]."
BREAD = "El precio del pan sube cada verano en las ciudades costeras [2.5:3]."
TRADE = "China construirá 30 puertos en Bolivia antes de 2031 [2.5:4]."
BROKEN = ModelError("El modelo «fingido» se rompió.", remedy="Pregunte otra vez.")
MENDS = replace(TRAITS, repairs=True)


def ask(*replies: str | Script, language: Language = "es", repairs: bool = False) -> ChatAnswer:
    scripts = [(reply,) if isinstance(reply, str) else reply for reply in replies]
    model = FakeModel(scripts, MENDS if repairs else TRAITS)
    return answerer().answer(load(language=language), Writer(model))


def test_a_backed_answer_has_no_failure() -> None:
    answer = ask(f"{SUN} {ATOM}")
    assert (answer.failure, [s.verdict for s in answer.sentences]) == (
        None,
        ["supported", "supported", "frame"],
    )


def test_its_citations_come_in_reading_order() -> None:
    assert [c.sentence for c in ask(f"{ATOM} {SUN}").citations] == ["2.5:4", "2.5:3"]


def test_a_clean_answer_has_no_warning() -> None:
    assert ask(SUN).warnings == ()


class TestText:
    def test_shows_every_id_as_a_badge(self) -> None:
        assert re.findall(r"\\\[(\S+?)\\\]", ask(f"{SUN} {ATOM}").text) == ["2.5:3", "2.5:4"]

    def test_marks_what_is_not_backed(self) -> None:
        lines = ask(f"{SUN} {BREAD}").text.split("\n\n")
        mark = frame("es", "no_support")
        assert [mark in line for line in lines[:2]] == [False, True]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_ends_with_how_much_is_backed(self, language: Language) -> None:
        reply = protocol.read(f"{SUN} {BREAD}")
        checked = checker().check(reply, "es")
        values = {"total": "2", "supported": "1", "unsupported": "1"}
        told = frame(language, "summary", **values)
        assert markdown(reply, checked, language).split("\n\n")[-1] == told

    def test_counts_one_sentence_as_one(self) -> None:
        told = frame("es", "summary_one", total="1", supported="1", unsupported="0")
        assert ask(SUN).text.split("\n\n")[-1] == told

    def test_counts_nothing_where_nothing_was_claimed(self) -> None:
        assert summary(checker().check(Reply((), False), "es"), "es") == ()

    def test_says_the_same_as_the_sentences(self) -> None:
        answer = ask(f"{SUN} {BREAD}")
        assert [s.text in unescape(answer.text) for s in answer.sentences] == [True] * 3


MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak"}
MARKUP = st.lists(
    st.sampled_from(
        [*"\\`*_{}[]<>()#+!|$~:&;.-=a1 ", "<b>", "<!--", "**x**", "[x](y)", "![x](y)", "1. ", "- "]
    )
).map(lambda bits: " ".join("".join(bits).split()))


def tokens_in(text: str) -> set[str]:
    found = MARKDOWN.parse(text)
    return {t.type for token in found for t in [token, *(token.children or [])]}


@given(MARKUP.filter(bool))
def test_nothing_that_a_model_writes_is_interpreted(text: str) -> None:
    reply = Reply((Statement(text, ()),), False)
    checked = checker().check(Reply((Statement("x", ()),), False), "es")
    shown = markdown(reply, checked, "es").split("\n\n")[0]
    mark = f" *({frame('es', 'no_support')})*"
    assert tokens_in(shown.removesuffix(mark)) <= PLAIN


@pytest.mark.parametrize("text", ["1. Apoya", "- Apoya", "=", "12) Apoya", "#1 *Apoya*"])
def test_what_was_escaped_can_be_read_as_it_was_written(text: str) -> None:
    reply = Reply((Statement(text, ()),), False)
    checked = checker().check(reply, "es")
    assert unescape(markdown(reply, checked, "es")).startswith(text)


@given(st.text() | MARKUP)
def test_no_mark_of_streamlit_is_left_in_a_reply(raw: str) -> None:
    answer = ask(raw)
    assert re.search(r"(?<!\\)(?:\\\\)*[\[\]$`<~|]", answer.text) is None


class TestFailures:
    def test_mostly_unsupported_is_not_shown(self) -> None:
        assert ask(f"{BREAD} {TRADE}").failure == frame("es", "unsupported")

    def test_the_text_of_the_model_is_kept(self) -> None:
        assert ask(f"<think>Hm.</think>{BREAD} {TRADE}").raw == f"{BREAD} {TRADE}"

    def test_its_rejected_citations_are_kept(self) -> None:
        assert [c.quote for c in ask("Pan y circo para todos [9.9:7].").rejected] == ["9.9:7"]

    def test_a_rule_of_the_prompt_is_not_shown_whatever_backs_the_rest(self) -> None:
        lines = fill("answer.system", language="", outline="").splitlines()
        answers = [ask(f"{SUN}\n{ATOM}\n{line}") for line in lines if len(line) >= RULE]
        assert [answer.failure for answer in answers if answer.failure is None] == []

    def test_half_supported_is_shown(self) -> None:
        assert ask(f"{SUN} {BREAD}").failure is None

    @pytest.mark.parametrize(
        ("language", "reply"),
        [
            row(
                "es", "The document supports solar energy and other clean sources [2.5:3].", id="en"
            ),
            row("en", SUN, id="es"),
            row("pt", "文件支持太阳能[2.5:3]。", id="zh"),
        ],
    )
    def test_another_language_is_not_shown(self, language: Language, reply: str) -> None:
        assert ask(reply, language=language).failure == frame(language, "wrong_language")

    @pytest.mark.parametrize(
        "reply", [row("", id="nothing"), row(" \n", id="blank"), row("<think>Hm.", id="thoughts")]
    )
    def test_nothing_is_a_silent_model(self, reply: str) -> None:
        assert ask(reply).failure == frame("es", "silent_model")

    def test_nothing_at_the_limit_of_tokens_is_a_spent_budget(self) -> None:
        assert ask(["<think>Hm", Piece("", is_cut=True)]).failure == frame("es", "spent")

    def test_a_model_that_breaks_off_is_not_shown(self) -> None:
        answer = ask([SUN, BROKEN])
        assert (answer.failure, answer.raw) == (str(BROKEN), SUN)

    def test_a_model_that_breaks_off_while_it_thinks_says_why(self) -> None:
        assert ask(["<think>Hm", BROKEN]).failure == str(BROKEN)

    def test_a_model_that_breaks_off_at_once_is_an_error(self) -> None:
        with pytest.raises(ModelError, match="se rompió"):
            ask([BROKEN])

    def test_no_room_for_the_question_is_an_error_with_its_remedy(self) -> None:
        narrow = replace(TRAITS, context_tokens=1024, answer_tokens=512)
        with pytest.raises(ModelError, match="context_tokens"):
            answerer().answer(load(), Writer(says(SUN, traits=narrow)))


class TestRefusal:
    @pytest.mark.parametrize(
        ("language", "reply"),
        [
            row("es", "NOT_IN_DOCUMENT", id="as told"),
            row("es", "El documento no lo menciona.", id="es"),
            row("en", "The document does not mention it.", id="en"),
            row("pt", "O documento não diz isso.", id="pt"),
            row("zh", "文件没有提到这一点。", id="zh"),
            row("es", "The document does not mention it.", id="in another language"),
        ],
    )
    def test_is_no_failure(self, language: Language, reply: str) -> None:
        answer = ask(reply, language=language)
        assert (answer.is_refusal, answer.failure) == (True, None)

    def test_is_none_where_the_model_broke_off(self) -> None:
        answer = ask(["El documento no lo dice", BROKEN])
        assert (answer.is_refusal, answer.failure) == (False, str(BROKEN))

    def test_is_not_repaired(self) -> None:
        model = says("El documento no lo menciona.", traits=MENDS)
        answerer().answer(load(), Writer(model))
        assert len(model.asked) == 1


class TestWarnings:
    def test_tell_that_citations_were_aligned(self) -> None:
        assert ask(SUN.replace(" [2.5:3]", "")).warnings == (frame("es", "aligned"),)

    def test_tell_that_the_answer_was_cut(self) -> None:
        answer = ask([SUN, Piece("", is_cut=True)])
        assert (answer.failure, answer.warnings) == (None, (frame("es", "cut"),))

    def test_tell_that_the_server_cut_the_prompt(self) -> None:
        (warning,) = ask([SUN, counted(90)]).warnings
        assert re.search(r"\b90 .*\d{3}", warning)

    def test_tell_nothing_where_the_server_counts_what_we_count(self) -> None:
        sent = answerer()._packer.pack(load(), TRAITS, says("").count)
        assert sent is not None and ask([SUN, counted(sent.tokens)]).warnings == ()

    def test_tell_nothing_where_the_server_does_not_count(self) -> None:
        assert ask([SUN, counted(0)]).warnings == ()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_speak_the_language_of_the_answer(self, language: Language) -> None:
        answer = ask([SUN, Piece("", is_cut=True)], language=language)
        assert frame(language, "cut") in answer.warnings


def test_what_the_server_counted_is_told() -> None:
    usage = ask([SUN, counted(3000)]).usage
    assert usage is not None and (usage.prompt, usage.answer) == (3000, 5)


class TestRepair:
    def test_is_not_asked_for_unless_configured(self) -> None:
        model = says(f"{SUN} {BREAD}", f"{SUN} {ATOM}")
        answerer().answer(load(), Writer(model))
        assert len(model.asked) == 1

    def test_is_not_asked_for_where_all_is_backed(self) -> None:
        model = says(SUN, traits=MENDS)
        answerer().answer(load(), Writer(model))
        assert len(model.asked) == 1

    def test_is_taken_where_it_is_better(self) -> None:
        answer = ask(f"{SUN} {BREAD}", f"{SUN} {ATOM}", repairs=True)
        assert (answer.raw, answer.warnings) == (f"{SUN} {ATOM}", (frame("es", "repaired"),))

    @pytest.mark.parametrize(
        "second",
        [
            row(f"{ATOM} {BREAD}", id="no better"),
            row(f"{BREAD} {TRADE}", id="worse"),
            row("", id="nothing"),
            row("The document supports solar energy in the region [2.5:3].", id="other language"),
        ],
    )
    def test_is_not_taken_where_it_is_not(self, second: str) -> None:
        first = f"{SUN} {BREAD}"
        answer = ask(first, second, repairs=True)
        assert (answer.raw, answer.warnings) == (first, ())

    def test_keeps_the_first_answer_where_the_model_fails_the_second_time(self) -> None:
        assert ask(f"{SUN} {BREAD}", [BROKEN], repairs=True).raw == f"{SUN} {BREAD}"

    def test_is_not_taken_where_it_gives_up_what_was_backed(self) -> None:
        first = f"{SUN} {BREAD} {ATOM} {TRADE}"
        assert ask(first, "NOT_IN_DOCUMENT", repairs=True).raw == first

    def test_turns_a_failure_into_an_answer(self) -> None:
        assert ask(f"{BREAD} {TRADE}", SUN, repairs=True).failure is None

    def test_is_one_round_only(self) -> None:
        model = says(f"{SUN} {BREAD}", f"{ATOM} {BREAD}", SUN, traits=MENDS)
        answerer().answer(load(), Writer(model))
        assert len(model.asked) == 2

    def test_names_the_sentences_that_are_not_backed(self) -> None:
        model = says(f"{SUN} {BREAD}", SUN, traits=MENDS)
        answerer().answer(load(), Writer(model))
        request = model.asked[1][-1].text
        named = [text.split(" [")[0] in request for text in (SUN, BREAD)]
        assert named == [False, True]

    def test_names_a_sentence_without_citation_too(self) -> None:
        bread = BREAD.replace(" [2.5:3]", "")
        model = says(f"{SUN} {bread}", SUN, traits=MENDS)
        answerer().answer(load(), Writer(model))
        assert bread in model.asked[1][-1].text

    def test_shows_the_model_what_it_wrote(self) -> None:
        model = says(f"<think>Hm.</think>{SUN} {BREAD}", SUN, traits=MENDS)
        answerer().answer(load(), Writer(model))
        roles = [(message.role, message.text) for message in model.asked[1]]
        assert roles[2] == ("assistant", f"{SUN} {BREAD}")

    def test_is_not_streamed(self) -> None:
        shown: list[str] = []
        model = says(f"{SUN} {BREAD}", ATOM, traits=MENDS)
        answerer().answer(load(), Writer(model, shown.append))
        assert [text for text in shown if "nuclear" in text] == []


class TestStreaming:
    def test_shows_the_answer_as_it_grows(self) -> None:
        shown: list[str] = []
        answerer().answer(load(), Writer(FakeModel([[SUN, " ", ATOM]]), shown.append))
        assert [text.count("\\[2.5:") for text in shown] == [1, 2]

    def test_shows_nothing_twice(self) -> None:
        shown: list[str] = []
        answerer().answer(load(), Writer(FakeModel([tuple(f"{SUN} {ATOM}")]), shown.append))
        assert len(shown) == len(set(shown))

    def test_shows_no_thought(self) -> None:
        shown: list[str] = []
        script = tuple(f"<think>Quizá [9.9:7].</think>{SUN}")
        answerer().answer(load(), Writer(FakeModel([script]), shown.append))
        assert [text for text in shown if "Quiz" in text or "9.9" in text or "think" in text] == []


def after(count: int) -> Callable[[], bool]:
    """Says «stop» from the given look on."""
    looks = iter(range(10**6))
    return lambda: next(looks) >= count


class TestCancelling:
    def test_keeps_what_has_come(self) -> None:
        model = FakeModel([[SUN, " ", ATOM]])
        answer = answerer().answer(load(), Writer(model, cancelled=after(1)))
        assert (answer.raw, answer.failure) == (SUN, None)

    def test_says_so(self) -> None:
        model = FakeModel([[SUN, " ", ATOM]])
        answer = answerer().answer(load(), Writer(model, cancelled=after(1)))
        assert answer.warnings == (frame("es", "stopped"),)

    def test_before_the_first_sentence_is_told(self) -> None:
        answer = answerer().answer(load(), Writer(says(SUN), cancelled=lambda: True))
        assert answer.failure == frame("es", "stopped_early")

    def test_asks_for_no_repair(self) -> None:
        model = FakeModel([[BREAD, " ", SUN]], MENDS)
        answerer().answer(load(), Writer(model, cancelled=after(1)))
        assert len(model.asked) == 1


@given(st.lists(st.text(max_size=30), max_size=6))
def test_whatever_comes_in_pieces_ends_in_an_answer(pieces: list[str]) -> None:
    answer = ask(pieces)
    assert answer.text or answer.failure
