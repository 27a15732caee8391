import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.sentences import split

PIECES = st.sampled_from(
    [
        *(".", "?", "!", "…", "...", " ", "  ", "\t", "\u00a0", "\u2003", "\v"),
        *("“", "”", "«", "»", "(", ")", "¿", "¡", "。", "😀", "中文"),
        *("Sr", "No", "EE", "UU", "ONU", "1540", "1.º", "º", "palabra", "Ñandú", "a", "A"),
    ]
)
PROSE = st.one_of(st.text(), st.lists(PIECES).map("".join))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@given(PROSE)
def test_spans_are_ordered_and_do_not_overlap(text: str) -> None:
    offsets = [offset for span in split(text) for offset in span]
    assert offsets == sorted(set(offsets))


@given(PROSE)
def test_only_white_space_lies_outside_the_spans(text: str) -> None:
    left_out = list(text)
    for start, end in split(text):
        left_out[start:end] = [" "] * (end - start)
    assert "".join(left_out).strip() == ""


@given(PROSE)
def test_no_sentence_begins_or_ends_with_white_space(text: str) -> None:
    assert all(sentence == sentence.strip() for sentence in sentences(text))


@given(PROSE)
def test_splitting_a_sentence_again_leaves_it_whole(text: str) -> None:
    assert [sentences(sentence) for sentence in sentences(text)] == [[s] for s in sentences(text)]


@pytest.mark.parametrize(
    "together",
    [
        "El Sr. Wang y la Dra. Li hablaron.",
        "Véase el art. 5 de la ley.",
        "La Resolución No. 1540 sigue vigente.",
        "La Resolución núm. 1540 sigue vigente.",
        "Los EE. UU. no figuran.",
        "Lo escribió J. Martí en Cuba.",
        "El 1.º de octubre es fiesta.",
        "Creció un 3.5 por ciento.",
        "Llegaron a 1.540 proyectos.",
        "Propuso “pequeños y hermosos” proyectos.",
        "Cooperan en ciencia, tecnología, etc. y en salud.",
        "La página www.gov.cn lo publica.",
        "¿Y la paz?, preguntó alguien.",
        "Foro China-CELAC (FCC).",
        "Sin punto final",
    ],
)
def test_one_sentence_stays_one(together: str) -> None:
    assert sentences(together) == [together]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Apoya las operaciones de la ONU.", "China coopera."),
        ("Aplica la Resolución 1540.", "Fortalece el intercambio."),
        ("Fue en 2016.", "En 2018 volvió."),
        ("Lo llaman “pequeños y hermosos”.", "Son útiles."),
        ("Dijo: «Habrá paz.»", "Nadie lo dudó."),
        ("¿Hay acuerdo?", "¡Claro!"),
        ("Se duda…", "Luego se actúa."),
        ("Es el Foro (FCC).", "(Véase abajo)."),
        ("Dijo que no.", "Luego calló."),
        ("Es el siglo XX.", "Órganos nuevos surgen."),
        ("Termina aquí.", "“Así empieza”."),
        ("Termina aquí.", "5 proyectos siguen."),
    ],
)
def test_two_sentences_are_told_apart(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_blank_text_has_no_sentence(blank: str) -> None:
    assert split(blank) == []
