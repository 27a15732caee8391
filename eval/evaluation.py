"""A run from beginning to end, or from where it was left."""

from collections.abc import Callable
from datetime import UTC, datetime

from eval.journal import Journal, Line
from eval.metrics.answers import failed, read
from eval.metrics.grading import Asked
from eval.runner import Meter, answer_all
from eval.runs import Run, Stop
from eval.selection import Ask, asks
from eval.subject import Subject

OnResult = Callable[[int, int, Line | None], None]
"""Takes how many are done, how many there are, and the newest result."""


def unasked(run: Run) -> list[Ask]:
    """What the run has no result of yet."""
    done = {(line["item"], line["turn"], line["epoch"]) for line in run.results()}
    everything = asks(run.items(), run.record.conditions.selection.epochs)
    return [ask for ask in everything if ask.key not in done]


def carry_out(
    run: Run,
    subject: Subject,
    *,
    meter: Meter | None = None,
    workers: int = 1,
    on_result: OnResult = lambda done, total, line: None,
) -> Stop | None:
    """Ask what is left, each result on the disk before it counts; why it stopped early, if it did.

    Raises:
        RunError: another process is at it, or the disk is full.
    """
    with run.held(), Journal(run.results_path) as journal:
        left = unasked(run)
        total = len(left) + len(run.results())
        done = total - len(left)
        meter = meter or Meter()

        def record(line: Line) -> None:
            nonlocal done
            journal.append(line)
            meter.count(line)
            done += 1
            on_result(done, total, line)

        on_result(done, total, None)
        reason = answer_all(subject, left, record, workers=workers, stop=meter.stop)
        _close(run, reason, meter.seconds)
    return reason


def _close(run: Run, reason: Stop | None, seconds: float) -> None:
    record = run.record
    prompts = {str(p) for p in map(_prompt, run.results()) if p}
    changed = {
        "finished": None if reason else datetime.now(UTC),
        "stopped": reason,
        "seconds": record.seconds + seconds,
        "prompts": tuple(sorted(prompts)),
    }
    run.write(record.model_copy(update=changed))


def _prompt(line: Line) -> object:
    answer = line["answer"]
    return answer.get("prompt") if isinstance(answer, dict) else None


def answered(run: Run) -> list[Asked]:
    """Every result beside its question, for the metrics, in the order of the dataset.

    What a finished run does not hold stands as an error; what an unfinished one has not asked yet
    is left out.
    """
    results = {(line["item"], line["turn"], line["epoch"]): line for line in run.results()}
    record = run.record
    found = []
    for ask in asks(run.items(), record.conditions.selection.epochs):
        line = results.get(ask.key)
        if line is None and record.finished is None:
            continue
        given = line["answer"] if line else None
        answer = read(given) if isinstance(given, dict) else failed("The result is missing.")
        found.append(Asked(ask.item, ask.turn_index, answer, ask.epoch))
    return found
