"""What models write, in every form and in every piece that a stream may cut it into."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.answer import protocol
from rag.answer.chat import ChatAnswer
from rag.answer.protocol import Form, Statement
from rag.answer.rendering import preview
from rag.answer.writing import Writer
from tests.answer.writers import FakeModel, answerer, load

row = pytest.param


def sentence(text: str, *ids: str) -> Statement:
    return Statement(text, ids)


def item(text: str, *ids: str) -> Statement:
    return Statement(text, ids, "item")


def heading(text: str, *ids: str) -> Statement:
    return Statement(text, ids, "heading")


SUN = "Apoya la energía solar."
SUN_ZH = "文件支持太阳能。"


class Written(NamedTuple):
    """A reply and how it must be read."""

    name: str
    raw: str
    statements: Sequence[Statement]


def sun(name: str, cited: str, *ids: str) -> Written:
    """The one sentence with its ids in some form, before the stop."""
    return Written(f"id {name}", f"Apoya la energía solar {cited}.", [sentence(SUN, *ids)])


IDS = [
    sun("plain", "[2.5:3]", "2.5:3"),
    sun("comma", "[2.5:3, 2.5:4]", "2.5:3", "2.5:4"),
    sun("comma without space", "[2.5:3,2.5:4]", "2.5:3", "2.5:4"),
    sun("semicolon", "[2.5:3; 2.6:1]", "2.5:3", "2.6:1"),
    sun("slash", "[2.5:3 / 2.6:1]", "2.5:3", "2.6:1"),
    sun("and", "[2.5:3 y 2.5:4]", "2.5:3", "2.5:4"),
    sun("and-en", "[2.5:3 and 2.5:4]", "2.5:3", "2.5:4"),
    sun("neighbours", "[2.5:3][2.5:4]", "2.5:3", "2.5:4"),
    sun("spaced neighbours", "[2.5:3] [2.5:4]", "2.5:3", "2.5:4"),
    sun("listed brackets", "[2.5:3][2.5:3]", "2.5:3"),
    sun("ordinal alone", "[2.5:3, 4]", "2.5:3", "2.5:4"),
    sun("round", "(2.5:3)", "2.5:3"),
    sun("round list", "(2.5:3, 2.6:1)", "2.5:3", "2.6:1"),
    sun("lenticular", "【2.5:3】", "2.5:3"),
    sun("full width", "［2.5：3］", "2.5:3"),
    sun("tortoise shell", "〔2.5:3〕", "2.5:3"),
    sun("section", "[2.5]", "2.5"),
    sun("section in round", "(2.5)", "2.5"),
    sun("two-digit section", "[2.14:11]", "2.14:11"),
    sun("range", "[2.5:3-5]", "2.5:3", "2.5:4", "2.5:5"),
    sun("dashed range", "[2.5:3–5]", "2.5:3", "2.5:4", "2.5:5"),
    sun("whole range", "[2.5:3-2.5:5]", "2.5:3", "2.5:4", "2.5:5"),
    sun("backward range", "[2.5:5-3]", "2.5:5"),
    sun("prologue", "[prologo:2]", "prologo:2"),
    sun("accented prologue", "[Prólogo:2]", "prologo:2"),
    sun("Roman", "[I:1]", "I:1"),
    sun("small Roman", "[iii:2]", "III:2"),
    sun("Roman part", "[II]", "II"),
    sun("heading", "[4.3:0]", "4.3:0"),
    sun("spaced", "[ 2.5 : 3 ]", "2.5:3"),
    sun("footnote", "[^2.5:3]", "2.5:3"),
    sun("label id", "[id: 2.5:3]", "2.5:3"),
    sun("label ids", "[ids: 2.5:3, 2.5:4]", "2.5:3", "2.5:4"),
    sun("label section", "[sección 2.5]", "2.5"),
    sun("label section in round", "(sección 2.5)", "2.5"),
    sun("label see", "(véase 2.5:3)", "2.5:3"),
    sun("label source", "[fuente: 2.5:3]", "2.5:3"),
    sun("label source-zh", "[来源：2.5:3]", "2.5:3"),
    sun("link", "[2.5:3](https://x.y/z)", "2.5:3"),
    sun("bold", "**[2.5:3]**", "2.5:3"),
    sun("code", "`[2.5:3]`", "2.5:3"),
    sun("bare", "2.5:3", "2.5:3"),
    sun("unknown", "[9.9:7]", "9.9:7"),
    Written("id after the stop", f"{SUN} [2.5:3]", [sentence(SUN, "2.5:3")]),
    Written("ids after the stop", f"{SUN} [2.5:3] [2.5:4]", [sentence(SUN, "2.5:3", "2.5:4")]),
    Written("id glued to the stop", f"{SUN}[2.5:3]", [sentence(SUN, "2.5:3")]),
    Written(
        "id at both sides of the stop",
        "Apoya la energía solar [2.5:3]. [2.5:4] Y el gas [2.5:2].",
        [sentence(SUN, "2.5:3", "2.5:4"), sentence("Y el gas.", "2.5:2")],
    ),
    Written(
        "id in the middle",
        "Apoya la energía solar [2.5:3] y la nuclear [2.5:4].",
        [sentence("Apoya la energía solar y la nuclear.", "2.5:3", "2.5:4")],
    ),
    Written(
        "bare id after the stop",
        f"{SUN} 2.5:3 Y el gas [2.5:2].",
        [sentence(SUN, "2.5:3"), sentence("Y el gas.", "2.5:2")],
    ),
    Written("id after a question", "¿Apoya? [2.5:3]", [sentence("¿Apoya?", "2.5:3")]),
    Written(
        "id after a quote",
        "«Apoya la energía solar.» [2.5:3] Y el gas [2.5:2].",
        [sentence("«Apoya la energía solar.»", "2.5:3"), sentence("Y el gas.", "2.5:2")],
    ),
]

NO_IDS = [
    Written(name, raw, [sentence(raw)])
    for name, raw in (
        ("decimal", "Creció un 2.5 % y luego un 3.25 %."),
        ("decimal in a parenthesis", "Creció (un 3.1 por ciento)."),
        ("year", "Se fundó en 2016 (2024)."),
        ("year in brackets", "Se fundó hace poco [2016]."),
        ("clock", "Empieza a las 10:30."),
        ("footnote number", "Apoya la energía solar [1]."),
        ("editor's word", "Apoya la enerjía [sic] solar."),
        ("Roman numeral", "La fase I y la fase II (III)."),
        ("three parts", "La versión [2.5.3] es otra."),
        ("ratio of tens", "A razón de 12.5:30."),
        ("an amount", "Son 1.500 becas (2.000)."),
    )
]

FORMS = [
    Written("dash item", "- Apoya [2.5:3].", [item("Apoya.", "2.5:3")]),
    Written("bullet item", "• Apoya [2.5:3]", [item("Apoya", "2.5:3")]),
    Written(
        "numbered items",
        "1. Apoya el sol [2.5:3].\n2) Apoya el átomo [2.5:4].",
        [item("Apoya el sol.", "2.5:3"), item("Apoya el átomo.", "2.5:4")],
    ),
    Written(
        "bold in an item",
        "- **Energía solar**: apoya *mucho* [2.5:3]",
        [item("Energía solar: apoya mucho", "2.5:3")],
    ),
    Written(
        "lead and items",
        "El documento dice:\n\n- Apoya [2.5:3].",
        [heading("El documento dice:"), item("Apoya.", "2.5:3")],
    ),
    Written(
        "lead after a sentence",
        f"{SUN} [2.5:3] Además propone:\n- Gas [2.5:2]",
        [sentence(SUN, "2.5:3"), heading("Además propone:"), item("Gas", "2.5:2")],
    ),
    Written(
        "table",
        "| Medida | Fuente |\n| --- | :-: |\n| Sol | [2.5:3] |\n| Átomo | [2.5:4] |",
        [heading("Medida – Fuente"), item("Sol", "2.5:3"), item("Átomo", "2.5:4")],
    ),
    Written(
        "table with ids inside cells",
        "| Sol [2.5:3] | sí |\n| Átomo [2.5:4] | sí |",
        [item("Sol – sí", "2.5:3"), item("Átomo – sí", "2.5:4")],
    ),
    Written(
        "heading", "## Energía\n\nApoya [2.5:3].", [heading("Energía"), sentence("Apoya.", "2.5:3")]
    ),
    Written(
        "bold line",
        "**Energía**\nApoya [2.5:3].",
        [heading("Energía"), sentence("Apoya.", "2.5:3")],
    ),
    Written(
        "bold sentences",
        "**Apoya el sol [2.5:3]. Apoya el gas [2.5:2].**",
        [sentence("Apoya el sol.", "2.5:3"), sentence("Apoya el gas.", "2.5:2")],
    ),
    Written("quoted line", "> Apoya [2.5:3].", [sentence("Apoya.", "2.5:3")]),
    Written("rule", "Apoya [2.5:3].\n\n---\n", [sentence("Apoya.", "2.5:3")]),
    Written(
        "innocent marks",
        "Usa snake_case y 3*4 en <b>HTML</b> [2.5:3].",
        [sentence("Usa snake_case y 3*4 en <b>HTML</b>.", "2.5:3")],
    ),
    Written(
        "abbreviations",
        "El Sr. Wang citó la pág. 5 [2.5:3]. Y más [2.5:4].",
        [sentence("El Sr. Wang citó la pág. 5.", "2.5:3"), sentence("Y más.", "2.5:4")],
    ),
    Written(
        "Chinese",
        "文件支持太阳能[2.5:3]。也支持核能【2.5:4】。",
        [sentence(SUN_ZH, "2.5:3"), sentence("也支持核能。", "2.5:4")],
    ),
    Written(
        "Chinese after the stop",
        "文件支持太阳能。[2.5:3]也支持核能。（2.5：4）",
        [sentence(SUN_ZH, "2.5:3"), sentence("也支持核能。", "2.5:4")],
    ),
    Written(
        "Chinese list of ids",
        "文件支持太阳能［2.5:3、2.5:4和I:1］。",
        [sentence(SUN_ZH, "2.5:3", "2.5:4", "I:1")],
    ),
    Written(
        "prefix",
        "Según el documento, apoya [2.5:3].",
        [sentence("Según el documento, apoya.", "2.5:3")],
    ),
    Written("label", f"Respuesta: {SUN} [2.5:3]", [sentence(SUN, "2.5:3")]),
    Written("bold label", f"**Respuesta:** {SUN} [2.5:3]", [sentence(SUN, "2.5:3")]),
    Written("label-en", "Answer: It does [2.5:3].", [sentence("It does.", "2.5:3")]),
    Written("label-pt", "Resposta: Apoia [2.5:3].", [sentence("Apoia.", "2.5:3")]),
    Written("label-zh", f"回答：{SUN_ZH}[2.5:3]", [sentence(SUN_ZH, "2.5:3")]),
    Written("fence", f"```markdown\n{SUN} [2.5:3]\n```", [sentence(SUN, "2.5:3")]),
    Written("tilde fence", f"~~~\n{SUN} [2.5:3]\n~~~", [sentence(SUN, "2.5:3")]),
    Written("JSON", f'{{"answer": "{SUN} [2.5:3]"}}', [sentence(SUN, "2.5:3")]),
    Written(
        "JSON among other things",
        f'{{"id": 1, "lang": "es", "answer": "{SUN} [2.5:3]", "ids": ["2.5:3"]}}',
        [sentence(SUN, "2.5:3")],
    ),
    Written("fenced JSON", f'```json\n{{"a": "{SUN} [2.5:3]"}}\n```', [sentence(SUN, "2.5:3")]),
    Written("control characters", "Apo\x07ya\x00 [2.5:3].", [sentence("Apoya.", "2.5:3")]),
    Written("own marks", "Apoya\ue0000\ue001 [2.5:3].", [sentence("Apoya0.", "2.5:3")]),
    Written(
        "own marks in JSON",
        '{"answer": "Apoya\\ue0005\\ue001 [2.5:3]."}',
        [sentence("Apoya5.", "2.5:3")],
    ),
    Written("nothing", "", []),
    Written("blank", " \n\n ", []),
]

THOUGHTS = [
    Written(
        f"thought {name}",
        raw.replace("SAY", f"{SUN} [2.5:3]"),
        [sentence(SUN, "2.5:3")] if is_said else [],
    )
    for name, raw, is_said in (
        ("before", "<think>\n¿Será [9.9:7]?\n</think>\n\nSAY", True),
        ("thinking", "<thinking>¿[9.9:7]?</thinking>SAY", True),
        ("thought", "<thought>¿[9.9:7]?</thought>SAY", True),
        ("reasoning", "<reasoning>¿[9.9:7]?</reasoning>SAY", True),
        ("reflection", "<reflection>¿[9.9:7]?</reflection>SAY", True),
        ("analysis", "<analysis>¿[9.9:7]?</analysis>SAY", True),
        ("upper case", "<THINK>¿[9.9:7]?</THINK>SAY", True),
        ("with attribute", '<think lang="es">¿[9.9:7]?</think>SAY', True),
        ("spaced closer", "<think>¿[9.9:7]?</think >SAY", True),
        ("empty", "<think></think>SAY", True),
        ("twice", "<think>¿[9.9:7]?</think>SAY<think>¡[9.9:8]!</think>", True),
        ("in brackets", "[THINK]¿[9.9:7]?[/THINK]SAY", True),
        ("in triangles", "◁think▷¿[9.9:7]?◁/think▷SAY", True),
        (
            "in channels",
            "<|channel|>analysis<|message|>¿[9.9:7]?<|end|><|start|>assistant"
            "<|channel|>final<|message|>SAY",
            True,
        ),
        ("nested", "<think>a <think>b</think> c</think>SAY", True),
        ("unclosed", "<think>¿Será [9.9:7]?", False),
        ("unclosed behind", "SAY <think>¿Será [9.9:7]?", True),
        ("half closer", "<think>¿Será [9.9:7]?</thi", False),
    )
]

UNANNOUNCED = [
    Written(f"thought {name}", raw.replace("SAY", f"{SUN} [2.5:3]"), [sentence(SUN, "2.5:3")])
    for name, raw in (
        ("without opener", "¿Será [9.9:7]? Sí. </think>SAY"),
        ("without opener, in lines", "¿Será [9.9:7]?\n\nSí.\n</thinking>\n\nSAY"),
        ("without opener, closed twice", "Uno. </think> Dos. </think>SAY"),
    )
]
"""Nothing tells that they are thoughts until they end, so that they are shown until then."""

STEADY = [*IDS, *NO_IDS, *FORMS, *THOUGHTS]
EXAMPLES = [*STEADY, *UNANNOUNCED]

REFUSALS = [
    row("NOT_IN_DOCUMENT", id="as told"),
    row("**NOT_IN_DOCUMENT**.", id="marked"),
    row("`NOT_IN_DOCUMENT`", id="code"),
    row("<think>Hm.</think>NOT_IN_DOCUMENT", id="after thinking"),
    row("El documento no lo dice.", id="es"),
    row("El documento no menciona a Paraguay.", id="es named"),
    row("No se menciona en el documento.", id="es passive"),
    row("Lo siento, pero el documento no especifica esa cifra. Pregunte otra cosa.", id="es two"),
    row("The document does not mention it.", id="en"),
    row("The passages don't say anything about it.", id="en short"),
    row("O documento não diz isso.", id="pt"),
    row("文件没有提到这一点。", id="zh"),
    row("该文件并未说明具体金额。", id="zh formal"),
]
NO_REFUSALS = [
    row(f"{SUN} [2.5:3]", id="answer"),
    row("El documento no menciona plazos, pero apoya la energía solar [2.5:3].", id="with id"),
    row(f"El documento no lo dice. Pero hay tres cosas. {SUN} Y más.", id="long"),
    row("", id="nothing"),
]


def _named(examples: Sequence[Written]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("written", examples, ids=[each.name for each in examples])


@_named(EXAMPLES)
def test_a_reply_is_read_as_its_example_says(written: Written) -> None:
    assert protocol.read(written.raw).statements == tuple(written.statements)


@pytest.mark.parametrize("raw", REFUSALS)
def test_a_refusal_is_known(raw: str) -> None:
    assert protocol.read(raw).is_refusal


@pytest.mark.parametrize("raw", NO_REFUSALS)
def test_what_claims_something_is_no_refusal(raw: str) -> None:
    assert not protocol.read(raw).is_refusal


def answer_to(*pieces: str) -> ChatAnswer:
    return answerer().answer(load(), Writer(FakeModel([pieces])))


@_named([written for written in EXAMPLES if written.raw])
def test_every_split_point_gives_the_same_answer(written: Written) -> None:
    raw = written.raw
    whole = answer_to(raw)
    assert [n for n in range(1, len(raw)) if answer_to(raw[:n], raw[n:]) != whole] == []


@_named([written for written in EXAMPLES if written.raw])
def test_one_character_at_a_time_gives_the_same_answer(written: Written) -> None:
    assert answer_to(*written.raw) == answer_to(written.raw)


def arriving(raw: str) -> Iterator[tuple[Statement, ...]]:
    """What can be told of every beginning of a reply, then of the whole."""
    for end in range(len(raw) + 1):
        yield protocol.read(raw[:end], is_complete=False).statements
    yield protocol.read(raw).statements


def changed(raw: str) -> list[tuple[tuple[Statement, ...], tuple[Statement, ...]]]:
    """Where a statement that another one follows is not what it was."""
    return [
        (before, after)
        for before, after in pairwise(arriving(raw))
        if before[:-1] != after[: max(len(before) - 1, 0)]
    ]


@_named(STEADY)
def test_a_statement_that_another_follows_never_changes(written: Written) -> None:
    assert changed(written.raw) == []


@_named(STEADY)
def test_no_id_is_shown_that_the_reply_does_not_have(written: Written) -> None:
    shown = {id_ for read in arriving(written.raw) for each in read for id_ in each.ids}
    assert shown <= {id_ for each in written.statements for id_ in each.ids}


HALF = re.compile(r"[\[\]【】［］〔〕]|</?\w*$|\bthink|\d\.\d+:|[\ue000-\uf8ff]")
"""Part of an id or of a tag; none of the examples below has such marks for another reason."""


@_named([w for w in STEADY if not any(HALF.search(each.text) for each in w.statements)])
def test_no_half_id_and_no_half_tag_is_ever_shown(written: Written) -> None:
    texts = {each.text for read in arriving(written.raw) for each in read}
    assert {text for text in texts if HALF.search(text)} == set()


@pytest.mark.parametrize(
    "raw", [row("NOT_IN_DOCUMENT", id="bare"), row("**NOT_IN_DOCUMENT**", id="bold")]
)
def test_the_mark_of_a_refusal_is_never_shown(raw: str) -> None:
    assert {preview(raw[:end]) for end in range(len(raw) + 1)} == {""}


@pytest.mark.parametrize("opener", ["{", "```json\n{"], ids=["bare", "fenced"])
def test_json_is_shown_when_it_is_whole(opener: str) -> None:
    assert preview(f'{opener}"answer": "{SUN} [2.5:3] Y el gas') == ""


# What follows is free text.

BITS = st.sampled_from(
    [
        *"[]()【】［］〔〕（）{}<>|*_`#-:：.,;!?。！？«»“”\"'\\ \n\t0123456789aZñ中",
        *("2.5:3", "[2.5:3]", "[I:1]", "[prologo:2]", "2.5", "1.", "- ", "| a | b |\n", "|---|\n"),
        *("<think>", "</think>", "<thinking", "```", "```json\n", '{"answer": "', '"}', "\\ue000"),
        *("NOT_IN_DOCUMENT", "Respuesta:", "**", "\ue000", "\ue0003\ue001", "\r", "\u2028", "٣"),
        *("Apoya el sol", "El documento dice:", "ver ", "ids: ", " y ", "和", "\ud800", "\x00"),
    ]
)
REPLIES = st.one_of(st.text(), st.lists(BITS, max_size=40).map("".join))


@given(REPLIES, st.booleans())
@example('{"a":' * 3000 + "1" + "}" * 3000, True)
@example('{"a": ' + "9" * 5000 + "}", True)
def test_any_text_is_read_into_statements_that_say_something(raw: str, is_complete: bool) -> None:
    found = protocol.read(raw, is_complete=is_complete).statements
    assert [each for each in found if not each.text.strip() or "\n" in each.text] == []


@given(REPLIES)
def test_any_id_that_is_read_has_the_form_of_one(raw: str) -> None:
    ids = [id_ for each in protocol.read(raw).statements for id_ in each.ids]
    form = re.compile(r"(prologo|I{1,3}|\d\.\d{1,2})(:\d{1,2})?")
    assert [id_ for id_ in ids if not form.fullmatch(id_)] == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "raw",
    [
        row("[2.5:3" + ", 2.5:3" * 400, id="a list of ids without end"),
        row("[2.5:3" + " " * 4000, id="spaces behind an id"),
        row("(ver " * 1000, id="openers"),
        row("<think>" * 3000, id="thoughts without end"),
        row("<" * 4000, id="half tags"),
        row("*a " * 3000, id="emphasis"),
        row("1." * 3000, id="numbers"),
    ],
)
def test_a_model_that_repeats_itself_is_read_at_once(raw: str) -> None:
    assert len(protocol.read(raw).statements) <= 1


@st.composite
def sentences(draw: st.DrawFn) -> tuple[Form, str, tuple[str, ...]]:
    """A statement with its ids in one of the forms that models give them."""
    form: Form = draw(st.sampled_from(["sentence", "item"]))
    text = draw(
        st.sampled_from(["Apoya el sol", "Fomenta el gas en 2030", "支持核能", "Cita al Sr. Wang"])
    )
    ids = draw(st.lists(st.sampled_from(["2.5:3", "2.14:11", "I:1", "prologo:2"]), unique=True))
    return form, text, tuple(ids)


@st.composite
def composed(draw: st.DrawFn) -> tuple[str, tuple[Statement, ...]]:
    """A reply and how it must be read."""
    raw, expected = "", []
    for form, text, ids in draw(st.lists(sentences(), min_size=1, max_size=5)):
        style = draw(st.sampled_from(["[{}]", "({})", "【{}】", "［{}］", "[ids: {}]"]))
        glue = draw(st.sampled_from([", ", "; ", ",", " y "]))
        badge = f" {style.format(glue.join(ids))}" if ids else ""
        is_before = draw(st.booleans())
        said = f"{text}{badge}." if is_before else f"{text}.{badge}"
        between = "\n- " if form == "item" else draw(st.sampled_from(["\n", "\n\n"]))
        raw += between + said
        expected.append(Statement(f"{text}.", ids, form))
    return raw, tuple(expected)


@given(composed())
def test_a_composed_reply_is_read_as_it_was_composed(
    reply: tuple[str, tuple[Statement, ...]],
) -> None:
    raw, expected = reply
    assert protocol.read(raw).statements == expected


@given(composed())
def test_a_composed_reply_never_changes_what_it_has_shown(
    reply: tuple[str, tuple[Statement, ...]],
) -> None:
    assert changed(reply[0]) == []


@given(composed(), st.data())
def test_a_composed_reply_reads_the_same_however_it_is_cut(
    reply: tuple[str, tuple[Statement, ...]], data: st.DataObject
) -> None:
    raw, _ = reply
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    edges = [0, *cuts, len(raw)]
    assert answer_to(*(raw[a:b] for a, b in pairwise(edges))) == answer_to(raw)


@pytest.mark.parametrize(
    ("reply", "text", "ids"),
    [
        row("Llegó a (3.5) billones [2.5:3].", "Llegó a (3.5) billones.", ("2.5:3",), id="decimal"),
        row("La fase II: 20 becas [2.5:3].", "La fase II: 20 becas.", ("2.5:3",), id="phase"),
        row("Relación 1.5:1 entre ambos", "Relación 1.5:1 entre ambos", (), id="ratio"),
    ],
)
def test_a_number_of_the_prose_is_no_id(reply: str, text: str, ids: tuple[str, ...]) -> None:
    (statement,) = protocol.read(reply).statements
    assert (statement.text, statement.ids) == (text, ids)


@pytest.mark.parametrize(
    "line",
    [
        "**China no coopera con la región en energía nuclear.**",
        "# China rechaza toda cooperación nuclear con los países de la región",
        "China rechaza toda cooperación nuclear con la región entera:",
    ],
)
def test_a_claim_is_no_title_however_it_is_set(line: str) -> None:
    first, _ = protocol.read(f"{line}\nApoya la energía solar [2.5:3].").statements
    assert first.form != "heading"


def test_what_follows_a_refusal_is_not_swallowed() -> None:
    reply = protocol.read(
        "NOT_IN_DOCUMENT\nSin embargo, China construirá 40 bases militares [2.5:3]."
    )
    assert (reply.is_refusal, len(reply.statements)) == (False, 1)


def test_ids_on_a_line_of_their_own_belong_to_the_sentence_above() -> None:
    (statement,) = protocol.read("Apoya la energía solar.\n\nFuentes: [2.5:3], [2.5:4]").statements
    assert statement.ids == ("2.5:3", "2.5:4")


def test_ids_beside_the_text_of_a_json_object_are_read() -> None:
    (statement,) = protocol.read(
        '{"answer": "Apoya la energía solar.", "ids": ["2.5:3"]}'
    ).statements
    assert statement.ids == ("2.5:3",)
