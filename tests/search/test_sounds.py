import pytest

from rag.domain import Language
from rag.search.sounds import sound


@pytest.mark.parametrize(
    ("typed", "meant", "language"),
    [
        ("aser", "hacer", "es"),
        ("vecas", "becas", "es"),
        ("selac", "celac", "es"),
        ("keria", "quería", "es"),
        ("exelente", "excelente", "es"),
        ("yubia", "lluvia", "es"),
        ("jente", "gente", "es"),
        ("canpo", "campo", "es"),
        ("xegada", "chegada", "pt"),
        ("seguransa", "segurança", "pt"),
        ("pasajem", "passagem", "pt"),
    ],
)
def test_a_word_written_by_ear_sounds_like_the_one_that_is_meant(
    typed: str, meant: str, language: Language
) -> None:
    assert sound(typed, language) == sound(meant, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("pero", "perro", "es"),
        ("vaca", "boca", "es"),
        ("gato", "jato", "es"),
        ("caro", "carro", "pt"),
        ("manha", "mana", "pt"),
        ("write", "right", "en"),
    ],
)
def test_words_that_sound_otherwise_are_told_apart(
    one: str, other: str, language: Language
) -> None:
    assert sound(one, language) != sound(other, language)
