import pytest

from rag.search.referring import after_shift


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Totally different: is fishing in it?", "is fishing in it?"),
        ("Ok, cambiando de tema: ¿y en deportes?", "¿y en deportes?"),
        ("Gracias. Otra cosa: visas", "visas"),
        ("Nueva pregunta: pesca", "pesca"),
        ("outra pergunta - turismo", "turismo"),
        ("换个话题，足球呢", "足球呢"),
    ],
)
def test_a_beginning_that_changes_the_topic_is_left_out(text: str, left: str) -> None:
    assert after_shift(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Cambiando de tema 4.3",
        "different topic 2.5 please",
        "¿Qué dice de la pesca, y otra cosa, del mar?",
        "Otra cosa: ",
        "¿Y la pesca?",
        "Ok, ¿y la pesca?",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert after_shift(text) == text
