import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.annotation import Token
from rag.search.cues import CLASS, Cue, Cues
from rag.search.index import Index
from rag.search.intents import intent_features
from rag.search.references import PROGRAMME, Named
from rag.search.structure import StructureReader
from tests.product import document

NAMES = ["count", "list", "which", "unit", PROGRAMME, CLASS]


def cues(*names: str, text: str = "", topics: int = 0, programmes: tuple[int, ...] = ()) -> Cues:
    """A question taken apart, its cues in the order given."""
    found = tuple(Cue(at, at + 1, name) for at, name in enumerate(names))
    topic = tuple(Token(f"t{at}", at, at + 1, "KNOWN") for at in range(topics))
    return Cues(Named((), programmes, text), found, (), "", topic)


@pytest.fixture(scope="module")
def reader(index: Index) -> StructureReader:
    return StructureReader(document(), index.annotator, index.intents)


@given(st.lists(st.sampled_from(NAMES), unique=True))
def test_every_cue_is_a_feature(names: list[str]) -> None:
    assert set(names) <= set(intent_features(cues(*names)))


def test_a_pair_of_cues_is_a_feature_in_whichever_order_they_come() -> None:
    pair = "count&unit"
    assert all(
        pair in intent_features(cues(*names)) for names in [("count", "unit"), ("unit", "count")]
    )


def test_the_order_of_cues_is_a_feature() -> None:
    forth, back = (set(intent_features(cues(*n))) for n in (("count", "unit"), ("unit", "count")))
    assert (forth - back, back - forth) == (
        {"first:count", "last:unit", "count>unit"},
        {"first:unit", "last:count", "unit>count"},
    )


def test_a_programme_named_twice_is_told_from_one() -> None:
    once, twice = (intent_features(cues(*[PROGRAMME] * times)) for times in (1, 2))
    assert (f"{PROGRAMME} twice" in once, f"{PROGRAMME} twice" in twice) == (False, True)


@pytest.mark.parametrize(("topics", "counted"), [(0, 0), (1, 1), (4, 4), (9, 4)])
def test_things_beside_the_cues_are_counted_up_to_four(topics: int, counted: int) -> None:
    assert f"topics:{counted}" in intent_features(cues("list", topics=topics))


@pytest.mark.parametrize(("programmes", "counted"), [((), 0), ((4,), 1), ((1, 2, 3), 2)])
def test_programmes_are_counted_and_not_told_apart(
    programmes: tuple[int, ...], counted: int
) -> None:
    features = intent_features(cues("list", programmes=programmes))
    assert f"programmes:{counted} sections:0 class:False" in features


@pytest.mark.parametrize(
    ("text", "units"),
    [
        pytest.param("how many", ["word:how", "word:many", "word:how many"], id="words"),
        pytest.param(
            "哪一节", ["word:哪一", "word:一节", "word:哪一 一节"], id="pairs of characters"
        ),
    ],
)
def test_the_words_of_the_question_are_features(text: str, units: list[str]) -> None:
    features = intent_features(cues(text=text))
    assert [feature for feature in features if feature.startswith("word:")] == units


@given(st.integers(min_value=400, max_value=4000))
def test_beyond_some_length_questions_are_alike(length: int) -> None:
    assert intent_features(cues(text="-" * length)) == intent_features(cues(text="-" * 4000))


@given(
    st.sampled_from([id_ for id_ in document().section_by_id if id_[0].isdigit()]),
    st.sampled_from(["Resume la sección {}.", "What does section {} say?", "概括第{}节的内容。"]),
)
def test_which_section_is_named_changes_no_feature(
    reader: StructureReader, id_: str, form: str
) -> None:
    here, there = (reader.cues(form.format(each), "es") for each in (id_, "1.1"))
    assert intent_features(here) == intent_features(there)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        pytest.param("LISTA LOS FOROS", "lista los foros", id="capitals"),
        pytest.param("¿Cuántas hay en el índice?", "¿cuantas hay en el indice?", id="accents"),
        pytest.param("哪個工程", "哪个工程", id="traditional characters"),
    ],
)
def test_how_it_is_typed_changes_no_feature(
    reader: StructureReader, typed: str, plain: str
) -> None:
    features = [intent_features(reader.cues(text, "es")) for text in (typed, plain)]
    assert features[0] == features[1]
