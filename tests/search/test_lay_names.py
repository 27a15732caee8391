import pytest

from rag.search.lay_names import by_place, by_theme
from rag.search.normalisation import fold


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("¿Qué foros salen en la parte de seguridad?", 4),
        ("forums in the security chapter", 4),
        ("restringe eso al capítulo de la solidaridad", 1),
        ("just the culture bit", 3),
        ("a parte que trata das pessoas", 5),
        ("讲团结的那部分", 1),
        ("和平那一块讲到哪些论坛", 4),
        ("¿Y en lo de desarrollo?", 2),
        ("solidarity chapter only", 1),
        ("el de la paz, ¿qué puntos trae?", 4),
        ("o dos povos tem 5 ou 6 tópicos?", 5),
        ("what is in the peoples one?", 5),
        ("o bloco da solidariedade", 1),
    ],
)
def test_a_part_on_a_theme_names_a_programme(text: str, number: int) -> None:
    assert [found for found, _, _ in by_theme(fold(text))] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué dice del desarrollo sostenible?",
        "world peace and security",
        "paz mundial",
        "¿Cómo ayuda a los pueblos indígenas?",
        "中国的发展经验",
        "¿Qué sección habla de paz y comercio?",
        "which part is about peace?",
        "em quantas partes se fala da paz?",
        "Is security one of the topics?",
        "¿El documento habla de hambre y no de desarrollo?",
        "¿Habla de guerra o de paz?",
        "¿Firma el ministro de exteriores o el de cultura?",
    ],
)
def test_a_theme_alone_names_no_programme(text: str) -> None:
    assert list(by_theme(fold(text))) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("filtrá por el nº 2", 2),
        ("no eixo 1, o que exatamente?", 1),
        ("agora recorta pela segunda das cinco partes", 2),
        ("solo el quinto", 5),
    ],
)
def test_a_place_among_the_five_names_a_programme(text: str, number: int) -> None:
    assert [found for found, _, _ in by_place(fold(text))] == [number]
