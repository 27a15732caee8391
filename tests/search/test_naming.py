import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import LANGUAGES, Language
from rag.search.naming import Name, arrays_of, key
from rag.search.vocabulary import Vocabulary

LATIN = [language for language in LANGUAGES if language != "zh"]


@given(st.lists(st.sampled_from(["minas", "órdenes", "Sur", "锂矿"]), min_size=1, max_size=4))
def test_keys_differ_by_language(text: list[str]) -> None:
    assert len({key(" ".join(text), language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Minas de litio", "mina de LITIO", "es"),
        ("space stations", "Space station", "en"),
        ("estações", "estacoes", "pt"),
        ("國際 秩序", "国际秩序", "zh"),
    ],
    ids=LANGUAGES,
)
def test_a_key_does_not_depend_on_number_case_or_accents(
    one: str, other: str, language: Language
) -> None:
    assert key(one, language) == key(other, language)


@pytest.mark.parametrize("language", LATIN)
@pytest.mark.parametrize("typed", ["tren", "trens"])
def test_an_exact_word_is_matched_by_itself_and_its_plurals(typed: str, language: Language) -> None:
    expected = {f"{language}=tren", f"{language}=trens", f"{language}=trenes"}
    assert set(Name(typed, language, "PLACE", 0, is_exact=True).keys) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [("tren rápido", "es"), ("高铁", "zh")],
    ids=["several words", "Chinese"],
)
def test_any_other_name_is_matched_by_its_key_alone(text: str, language: Language) -> None:
    assert Name(text, language, "PLACE", 0, is_exact=True).keys == (key(text, language),)


@given(st.lists(st.sampled_from(["tren", "trens", "red", "redes", "mar"]), max_size=5))
def test_every_key_has_one_row(texts: list[str]) -> None:
    names = [Name(text, "es", "PLACE", 0, is_exact=True) for text in texts]
    arrays = arrays_of(names, [], [])
    keys = {key_ for name in names for key_ in name.keys}
    vocabulary = Vocabulary.from_arrays("annotation.keys", arrays)
    assert sorted(vocabulary.rows(sorted(keys)).tolist()) == list(range(len(keys)))
    assert len(arrays["annotation.thing"]) == len(keys)
