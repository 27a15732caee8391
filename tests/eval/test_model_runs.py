"""`python -m eval run` with a configured model, measured and set beside the extractive mode."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eval.commands import running
from eval.conditions import entry_digest
from eval.items import Item, load
from eval.orders import Order, place
from eval.pairing import pair
from eval.report.differences import table
from eval.runner import Budget
from eval.runs import Run
from eval.selection import Selection
from eval.shelf import Shelf
from eval.subject import model_named, open_subject
from rag.binding import Modelled
from rag.domain import Answer
from rag.errors import InputError
from rag.models.registry import ChatEntry
from rag.settings import Settings
from tests.eval.subjects import citing, finished, questions
from tests.eval.test_commands import evaluate
from tests.models.behaviours import exemplary
from tests.models.entries import fields, write_models
from tests.models.servers import ScriptedServer
from tests.product import ROOT, assistant

LIMIT = 12
PATIENT = {"first_token_seconds": 30.0, "total_seconds": 60.0}
DEAD = {"provider": "openai", "model": "m", "base_url": "http://127.0.0.1:9/v1", "retries": 0}


def data_folder(folder: Path) -> Path:
    """A data folder of the test's own, with the session's index."""
    assistant()
    (folder / "index").symlink_to(Path(os.environ["CINCO_DATA_DIR"]) / "index")
    return folder


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished `eval run` of the real program."""

    report: dict[str, Any]
    folder: Path
    asked: int
    """How often the model was asked."""

    def file(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run of a few questions, two at a time."""
    folder = data_folder(tmp_path_factory.mktemp("model-run"))
    words = ["run", "--model", "mine", "--limit", str(LIMIT), "--workers", "2", "--json"]
    with ScriptedServer(exemplary) as server:
        models = write_models(folder, {"chat.mine": fields(server, **PATIENT)})
        done = subprocess.run(
            [sys.executable, "-m", "eval", *words],
            env={**os.environ, "CINCO_DATA_DIR": str(folder), "CINCO_MODELS": str(models)},
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    shelf = folder / "eval" / "runs"
    return Finished(report, shelf / report["run"]["id"], len(server.received))


class TestWholeRun:
    def test_the_model_is_asked_and_named(self, made: Finished) -> None:
        conditions = made.report["run"]["conditions"]
        assert (conditions["model"], made.report["summary"]["items"]) == ("mine", LIMIT)
        assert 0 < made.asked <= made.report["summary"]["turns"]

    def test_what_it_wrote_is_kept_as_its_own(self, made: Finished) -> None:
        lines = [json.loads(line) for line in made.file("results.jsonl").splitlines()]
        modes = [line["answer"]["mode"] for line in lines]
        fallbacks = [line["answer"]["fallback"] for line in lines if line["answer"]["fallback"]]
        assert modes.count("model") + len(fallbacks) == made.asked
        assert modes.count("model") > 0

    def test_its_prompt_is_recorded(self, made: Finished) -> None:
        (prompt,) = made.report["run"]["prompts"]
        assert len(prompt) == 8

    def test_tokens_are_counted(self, made: Finished) -> None:
        cost = made.report["summary"]["cost"]
        assert cost["tokens_total"] > 500 * made.asked
        assert f"{cost['tokens_total']} in all" in made.file("report.md")

    def test_the_extractive_mode_was_asked_the_same(self, made: Finished) -> None:
        runs = [Run(folder) for folder in made.folder.parent.iterdir()]
        other = next(run for run in runs if run.folder != made.folder)
        record = Run(made.folder).record
        assert len(runs) == 2
        assert other.record.conditions.model == "extractive"
        assert other.record.conditions.dataset == record.conditions.dataset
        assert other.record.finished

    def test_every_form_of_the_report_has_the_comparison(self, made: Finished) -> None:
        against = made.report["against"]
        assert against["title"] == running.AGAINST
        names = [row[0] for row in against["rows"]]
        assert len(names) > 5
        stored = json.loads(made.file("report.json"))["against"]
        assert stored == against
        for text in (made.file("report.md"), made.file("report.html")):
            assert running.AGAINST in text
            assert [name for name in names if name not in text] == []

    def test_the_comparison_has_both_figures_and_a_verdict(self, made: Finished) -> None:
        against = made.report["against"]
        right = dict(zip(against["header"], against["rows"][0], strict=True))
        assert {right["first"][-1], right["second"][-1]} == {"%"}
        assert right["verdict"].split()[-1] in {"better", "worse", "noise", "equal"}
        assert int(right["n"]) == made.report["summary"]["turns"]


def test_a_report_that_is_written_again_keeps_the_comparison(
    made: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CINCO_DATA_DIR", str(made.folder.parents[2]))
    again = json.loads(evaluate("report", made.folder.name, "--json").stdout)
    assert again["against"] == made.report["against"]
    assert running.AGAINST in made.file("report.md")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a model whose server is gone, which is not asked here."""
    models = write_models(tmp_path, {"chat.mine": DEAD, "chat.other": DEAD}, default="mine")
    return Settings(data_dir=data_folder(tmp_path), models=models)


@pytest.fixture
def items() -> tuple[Item, ...]:
    return Selection(limit=2).of(load())


def changed(settings: Settings, folder: Path, **values: object) -> Settings:
    """The same with another entry `mine`."""
    models = write_models(folder, {"chat.mine": {**DEAD, **values}}, default="mine")
    assert models == settings.models
    return settings


def silent(line: str) -> None:
    """Announces nothing."""


def placed(settings: Settings, items: tuple[Item, ...], model: str = "mine") -> Run:
    """The run that an order leads to; nothing is asked."""
    order = Order(model, Selection(limit=2))
    return place(assistant(), items, order, settings, silent)


class TestEntry:
    def test_a_run_goes_on_as_long_as_its_entry_is_the_same(
        self, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        assert placed(settings, items).folder == placed(settings, items).folder

    def test_a_run_with_a_changed_entry_is_another_one(
        self, settings: Settings, items: tuple[Item, ...], tmp_path: Path
    ) -> None:
        first = placed(settings, items)
        second = placed(changed(settings, tmp_path, temperature=0.5), items)
        entries = [run.record.conditions.entry for run in (first, second)]
        assert (first.folder == second.folder, None in entries, len(set(entries))) == (
            False,
            False,
            2,
        )

    def test_a_run_with_another_model_is_another_one(
        self, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        assert placed(settings, items).folder != placed(settings, items, "other").folder

    def test_the_extractive_mode_has_no_entry(
        self, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        assert placed(settings, items, "extractive").record.conditions.entry is None
        assert entry_digest(None) is None

    @pytest.mark.parametrize(
        "change",
        [{"model": "n"}, {"seed": 1}, {"context": "document"}, {"options": {"top_p": 0.9}}],
    )
    def test_whatever_changes_the_asking_changes_its_digest(self, change: dict[str, Any]) -> None:
        entry = ChatEntry.model_validate({"name": "mine", **DEAD})
        other = ChatEntry.model_validate({"name": "mine", **DEAD, **change})
        assert entry_digest(entry) == entry_digest(entry.model_copy())
        assert entry_digest(entry) != entry_digest(other)


@pytest.fixture
def asked(settings: Settings, items: tuple[Item, ...]) -> Iterator[Run]:
    """A run of the model that is finished: by a stand-in."""
    run = placed(settings, items)
    run.write(run.record.model_copy(update={"finished": run.record.started}))
    yield run


class TestBeside:
    def test_the_extractive_mode_is_asked_once_for_all_models(
        self, asked: Run, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        told: list[str] = []
        order = Order("mine", Selection(limit=2))
        first = running.beside(asked, load(), order, settings, told.append)
        again = running.beside(asked, load(), order, settings, told.append)
        assert first is not None
        assert again is not None
        assert (first.folder, len(told)) == (again.folder, 1)
        assert first.record.conditions.model == "extractive"
        assert first.record.conditions.dataset == asked.record.conditions.dataset

    def test_other_questions_are_asked_anew(
        self, asked: Run, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        first = running.beside(asked, load(), Order("mine", Selection(limit=2)), settings, silent)
        one = Order("mine", Selection(limit=1))
        other = place(assistant(), one.selection.of(load()), one, settings, silent)
        second = running.beside(other, load(), one, settings, silent)
        assert first is not None
        assert second is not None
        assert (first.folder == second.folder, len(second.results())) == (False, 1)

    def test_the_budget_of_the_model_is_not_that_of_the_extractive_mode(
        self, asked: Run, settings: Settings
    ) -> None:
        order = Order("mine", Selection(limit=2), budget=Budget(max_seconds=0.0))
        found = running.beside(asked, load(), order, settings, silent)
        assert found is not None
        assert found.record.finished

    def test_the_extractive_mode_itself_has_nothing_beside_it(
        self, settings: Settings, items: tuple[Item, ...]
    ) -> None:
        order = Order("extractive", Selection(limit=2))
        run = placed(settings, items, "extractive")
        assert running.beside(run, load(), order, settings, silent) is None
        assert len(list(Shelf.of(settings).runs())) == 1


class TestSubject:
    @pytest.mark.parametrize(
        ("name", "model"), [(None, "mine"), ("other", "other"), ("extractive", "extractive")]
    )
    def test_no_name_means_the_configured_model(
        self, name: str | None, model: str, settings: Settings
    ) -> None:
        assert model_named(name, settings) == model

    def test_an_unknown_name_lists_the_known_ones(self, settings: Settings) -> None:
        with pytest.raises(InputError, match="extractive, mine, other"):
            model_named("gpt", settings)
        with pytest.raises(InputError, match="extractive, mine, other"):
            open_subject("gpt", settings, silent)

    def test_a_model_is_asked_through_the_assistant(self, settings: Settings) -> None:
        subject = open_subject("mine", settings, silent)
        assert isinstance(subject, Modelled)
        assert subject.model.traits.name == "mine"
        assert subject.index_fingerprint == assistant().index_fingerprint

    def test_the_extractive_mode_is_the_assistant(self, settings: Settings) -> None:
        assert type(open_subject("extractive", settings, silent)) is type(assistant())


class TestDifferences:
    def answering(self, section: str) -> Callable[[str], Answer]:
        return lambda text: citing(section)

    def test_a_row_for_every_metric_with_both_figures_and_the_difference(
        self, tmp_path: Path
    ) -> None:
        asked = questions(6)
        first = finished(tmp_path / "a", asked, self.answering("3.1"))
        second = finished(tmp_path / "b", asked, self.answering("2.5"))
        made = table(pair(first, second), "Título")
        right = next(dict(zip(made.header, row, strict=True)) for row in made.rows)
        assert (made.title, len(made.header)) == ("Título", len(made.rows[0]))
        assert (right["first"], right["second"], right["difference"]) == ("0 %", "100 %", "+100.0")
        assert (right["verdict"], right["n"]) == ("▲ better", "6")

    def test_runs_that_answer_alike_are_equal(self, tmp_path: Path) -> None:
        asked = questions(3)
        runs = [finished(tmp_path / name, asked, self.answering("2.5")) for name in "ab"]
        made = table(pair(*runs))
        assert {row[made.header.index("verdict")] for row in made.rows} == {"equal"}
