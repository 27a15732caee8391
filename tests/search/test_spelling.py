import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Language, Question
from rag.search.normalisation import fold
from rag.search.spelling import MIN_LENGTH, MIN_LENGTH_OF_TWO, Speller
from tests.product import assistant, cinco

SHARES = {
    "es": {"energía": 3e-4, "cooperación": 5e-4, "mar": 1e-4, "becas": 2e-5},
    "en": {"free": 4e-4, "tree": 1e-4, "because": 1e-3, "scholarship": 1e-5},
    "pt": {"energia": 3e-4, "bolsa": 1e-4, "bola": 2e-4},
}
REAL = {"bocas", "fees", "huawei"}
SPELLER = Speller.of(SHARES, REAL)  # type: ignore[arg-type]
STORED = Speller(SPELLER.arrays())


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("¿Hay enrgia solar?", "es", "¿Hay energía solar?"),  # left out
        ("becass", "es", "becas"),  # added
        ("bceas", "es", "becas"),  # swapped
        ("enerjia", "es", "energía"),  # changed
        ("Enerjia eólica", "es", "Energía eólica"),
        ("cooperaxiom", "es", "cooperación"),  # two mistakes
        ("koperasion", "es", "cooperación"),  # written by ear
        ("vekas", "es", "becas"),
        ("Enerjía", "es", "Energía"),
        ("becuase scholorship", "en", "because scholarship"),
        ("enerjia", "pt", "energia"),
    ],
)
def test_a_misspelt_word_is_mended(typed: str, language: Language, meant: str) -> None:
    assert SPELLER.mend(typed, language)[0] == meant


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("bocas fees huawei", "es"),  # real words
        ("energia cooperacion", "es"),  # without accents
        ("maf", "es"),  # too short
        ("¿Habla de Becass?", "es"),  # a name
        ("BCEAS", "es"),  # capitals
        ("dooperazion", "es"),  # two mistakes, the first letter among them
        ("bfcxs enzzzia", "es"),  # nothing is near
        ("enerjia", "en"),  # a word of another language
        ("能原", "zh"),
        ("20155 becas2", "es"),
        ("", "es"),
    ],
)
def test_what_is_no_mistake_is_left_alone(typed: str, language: Language) -> None:
    assert SPELLER.mend(typed, language) == (typed, ())


def test_of_two_words_as_near_the_commoner_one_is_meant() -> None:
    speller = Speller.of({"es": {"bonos": 3e-6, "monos": 2e-6, "tonos": 4e-6, "bonzo": 1e-6}}, ())
    assert speller.mend("zonos", "es")[0] == "tonos"


def test_a_first_letter_is_taken_for_right_where_that_goes() -> None:
    speller = Speller.of({"es": {"bolos": 1e-6, "tonos": 4e-6}}, ())
    assert speller.mend("bonos", "es")[0] == "bolos"


def test_a_rare_word_is_a_mistake_only_beside_a_common_one() -> None:
    shares = {"es": {"desarrollo": 4e-4, "bancos": 2e-5, "estaban": 1e-4, "vendrán": 1e-4}}
    rare = ["desarollo", "bacnos", "estafan", "venderan"]
    speller = Speller.of(shares, (), rare)  # type: ignore[arg-type]
    assert speller.mend("desarollo", "es")[0] == "desarrollo"
    for word in ("bacnos", "estafan", "venderán"):
        assert speller.mend(word, "es")[0] == word


def test_quoted_words_are_left_alone() -> None:
    assert SPELLER.mend("¿Sale «bceas»? ¿Y bceas?", "es")[0] == "¿Sale «bceas»? ¿Y becas?"


def test_a_question_in_capitals_is_mended() -> None:
    assert SPELLER.mend("¿HAY ENRGIA Y BCEAS?", "es")[0] == "¿HAY ENERGÍA Y BECAS?"


def test_much_punctuation_costs_little() -> None:
    text = "." * 3000 + "a" + " Zqxw" * 190
    assert SPELLER.mend(text, "es") == (text, ())


def test_no_letter_of_a_short_word_is_changed() -> None:
    assert SPELLER.mend("bree", "en")[0] == "bree"
    assert SPELLER.mend("fere", "en")[0] == "free"


def test_it_says_what_was_mended() -> None:
    corrections = (("enrgia", "energía"), ("bceas", "becas"))
    assert SPELLER.mend("enrgia o bceas", "es")[1] == corrections


LONG = sorted(word for word in SHARES["es"] if len(word) > MIN_LENGTH)


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A word and the same with one letter left out, doubled, changed or swapped, not the first."""
    word = draw(st.sampled_from(LONG))
    at = draw(st.integers(1, len(word) - 2))
    middle = draw(st.sampled_from(["", word[at] * 2, "x", "k" + word[at], word[at + 1] + word[at]]))
    skipped = 2 if len(middle) == 2 and middle[0] == word[at + 1] else 1
    return word, word[:at] + middle + word[at + skipped :]


@given(misspelt(), st.text(alphabet="¿?,. ", max_size=3))
def test_one_mistake_is_mended_wherever_it_is(pair: tuple[str, str], around: str) -> None:
    word, typed = pair
    if fold(typed) in {fold(w) for w in (*SHARES["es"], *REAL)}:
        return
    assert SPELLER.mend(f"{around}{typed}{around}", "es")[0] == f"{around}{word}{around}"
    assert STORED.mend(typed, "es") == SPELLER.mend(typed, "es")


@given(
    st.lists(st.sampled_from(["enrgia", "bceas", "mar", "ok", "能源", "ñu"]), min_size=1),
    st.text(alphabet="¿?,.; \n😀-", min_size=1, max_size=3),
)
def test_text_around_the_mended_words_stays_as_it_is(parts: list[str], between: str) -> None:
    meant = {"enrgia": "energía", "bceas": "becas"}
    mended, corrections = SPELLER.mend(between.join(parts), "es")
    assert mended == between.join(meant.get(part, part) for part in parts)
    assert [typed for typed, _ in corrections] == [part for part in parts if part in meant]


def test_two_mistakes_are_too_many_for_a_word_of_middling_length() -> None:
    assert len("enxrxia") < MIN_LENGTH_OF_TWO
    assert SPELLER.mend("enxrxia", "es")[1] == ()


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("¿que dice sobre los bnoos pdna?", "2.4"),
        ("¿dicen algo de la extradsion de corrputos?", "4.4"),
        ("kuando ban aser la cunbre de precidentes de la selac", "1.8"),
        ("ai vecas para estudiar aya?", "3.3"),
        ("a seguransa alimentar e os agricultores pequenos, tem algo?", "2.8"),
        ("can a yuong person get a shcolarship withuot paying?", "3.3"),
        ("o que diz sobre os pescdaores e a pseca?", "2.11"),
    ],
)
def test_a_question_full_of_mistakes_is_answered(question: str, section: str) -> None:
    answer = assistant().ask(Question(question))
    assert answer.status == "answered"
    assert answer.citations[0].sentence.partition(":")[0] == section


def test_a_mended_word_is_shown_beside_what_was_typed() -> None:
    found = cinco("search", "¿Y la enrgia nuclaer?").stdout.decode()
    assert "enrgia→energia" in found
    assert "nuclaer→nuclear" in found


def test_a_misspelt_structural_question_is_understood() -> None:
    answer = assistant().ask(Question("¿Cuántos prgoramas tiene el documneto?"))
    assert "5" in answer.text
    assert answer.citations
