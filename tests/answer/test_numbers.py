import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.answer.numbers import numbers
from rag.domain import LANGUAGES, Language

row = pytest.param


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        row("es", "En 2016 y 2025.", {"2016", "2025"}, id="years"),
        row("es", "de 2016-2025", {"2016", "2025"}, id="span of years"),
        row("es", "1.500 becas", {"1500"}, id="thousands with a point"),
        row("en", "1,500 grants", {"1500"}, id="thousands with a comma"),
        row("es", "20 000 becas", {"20000"}, id="thousands with a space"),
        row("es", "3.000.000 de euros", {"3000000"}, id="millions with points"),
        row("es", "un 3,5 por ciento", {"3.5%"}, id="decimal percentage-es"),
        row("en", "3.5 percent", {"3.5%"}, id="decimal percentage-en"),
        row("pt", "45 por cento", {"45%"}, id="percentage-pt"),
        row("zh", "百分之四十五", {"45%"}, id="percentage-zh"),
        row("es", "el 87 %", {"87%"}, id="percent sign"),
        row("es", "0,50 y 0016", {"0.5", "16"}, id="zeros that say nothing"),
        row("es", "750 millones", {"750000000"}, id="millions-es"),
        row("en", "750 million", {"750000000"}, id="millions-en"),
        row("pt", "750 milhões", {"750000000"}, id="millions-pt"),
        row("zh", "750万美元", {"7500000"}, id="ten thousands-zh"),
        row("zh", "3亿", {"300000000"}, id="hundred millions-zh"),
        row("es", "2,5 mil millones", {"2500000000"}, id="thousand millions-es"),
        row("en", "3 billion", {"3000000000"}, id="billions-en"),
        row("es", "treinta y dos países", {"32"}, id="words-es"),
        row("es", "veintiún países", {"21"}, id="one word-es"),
        row("es", "ciento treinta y dos", {"132"}, id="hundreds-es"),
        row("es", "dos mil dieciséis", {"2016"}, id="thousands-es"),
        row("en", "one hundred and twenty-one", {"121"}, id="words-en"),
        row("en", "twenty thirty", {"20", "30"}, id="two numbers in words"),
        row("pt", "vinte e um", {"21"}, id="words-pt"),
        row("zh", "三十个国家", {"30"}, id="words-zh"),
        row("zh", "一百二十一项", {"121"}, id="hundreds-zh"),
        row("zh", "二〇一六年", {"2016"}, id="digits in Han"),
        row("zh", "两千零一十六", {"2016"}, id="thousands-zh"),
        row("en", "the 1960s", {"60"}, id="decade-en"),
        row("zh", "20世纪60年代", {"20", "60"}, id="decade-zh"),
        row("es", "los años sesenta", {"60"}, id="decade-es"),
        row("es", "tres y cuatro", {"3", "4"}, id="two small numbers"),
        row("zh", "１５个", {"15"}, id="full width"),
    ],
)
def test_a_number_is_read_alike_however_it_is_written(
    language: Language, text: str, expected: set[str]
) -> None:
    assert numbers(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        row("es", "un país y una región", id="articles-es"),
        row("en", "one of the two sides", id="articles-en"),
        row("pt", "um país e dois lados", id="articles-pt"),
        row("zh", "百年未有之大变局", id="idiom"),
        row("zh", "两国", id="both countries"),
        row("zh", "万众一心", id="many"),
        row("es", "el G20", id="name with a number"),
        row("en", "first and third", id="ordinals"),
        row("es", "", id="nothing"),
    ],
)
def test_what_counts_nothing_is_no_number(language: Language, text: str) -> None:
    assert numbers(text, language) == frozenset()


def test_a_percentage_is_another_number_than_its_figure() -> None:
    assert numbers("45 %", "es") != numbers("45", "es")


@given(st.integers(3, 10**12))
def test_digits_mean_the_same_in_every_language(number: int) -> None:
    assert {numbers(f"hay {number} ", language) for language in LANGUAGES} == {
        frozenset({str(number)})
    }


@given(st.integers(1000, 10**12))
def test_separators_change_no_number(number: int) -> None:
    forms = [f"{number:,}".replace(",", mark) for mark in (",", ".", "\u00a0", "\u202f", " ")]
    assert {numbers(form, "es") for form in forms} == {frozenset({str(number)})}


NUMERALS = st.sampled_from(
    [*"0123456789.,% 万亿千百十三二零〇两", " mil", " millones ", "mil millones", " y ", "treinta "]
)


@given(st.text() | st.lists(NUMERALS, max_size=30).map("".join), st.sampled_from(LANGUAGES))
@example("1" * 9000, "es")
@example("9" * 400 + " mil millones", "es")
def test_any_text_is_read_for_numbers(text: str, language: Language) -> None:
    assert all(numbers(text, language))
