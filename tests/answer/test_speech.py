import pytest

from rag.answer.protocol import read
from rag.answer.speech import spoken_in
from rag.domain import Language
from tests.answer.writers import languages

LANGUAGES = languages()


@pytest.mark.parametrize(
    ("reply", "asked", "spoken"),
    [
        ("The Belt and Road (一带一路) is to be built together [2.2:1].", "en", "en"),
        (
            "It says «Fortalecer la cooperación en energías limpias como la solar» [2.5:3].",
            "en",
            "en",
        ),
        ("The paper supports cooperation on solar energy 好 [2.5:3].", "zh", "en"),
        ("中方支持清洁能源合作 [2.5:3]。", "zh", "zh"),
        ("Sí, apoya [2.5:3].", "pt", "pt"),
    ],
    ids=[
        "a Chinese name",
        "a Spanish quote",
        "one Chinese character",
        "Chinese",
        "too short to tell",
    ],
)
def test_the_language_of_a_reply_is_that_of_its_own_words(
    reply: str, asked: Language, spoken: Language
) -> None:
    assert spoken_in(read(reply), asked, LANGUAGES) == spoken
