"""The files of a report, in the run's own folder."""

from pathlib import Path

from eval.report.content import Report
from eval.report.markdown import markdown
from eval.report.page import page
from eval.runs import Run
from rag.contract import dumps


def write(run: Run, report: Report) -> tuple[Path, ...]:
    """Write the report as Markdown, JSON and page; where they stand."""
    return (
        run.put("report.md", markdown(report)),
        run.put("report.json", dumps(report.as_json(), indent=2) + "\n"),
        run.put("report.html", page(report, run.reference())),
    )
