"""The report as one page that opens offline: no script, nothing loaded, every text escaped."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from eval.metrics.reference import Reference
from eval.metrics.summary import NO_PROGRAMME, NOTHING_CITED, Summary
from eval.report import pictures
from eval.report.cases import Case
from eval.report.content import Report, Table, facts, interval, shown, slices
from eval.report.labels import labels
from eval.report.markup import Child, Html, el, joined
from eval.report.visible import visible

STYLE = Path(__file__).parent / "data" / "report.css"

CARDS = (
    "right",
    "section_accuracy",
    "programme_accuracy",
    "evidence_recall",
    "citation_f1",
    "verbatim_rate",
    "refusal_recall",
    "false_refusal",
    "whole_dialogue",
    "harmlessness",
)
"""The figures that come first."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MAX_TEXT = 2000


def page(report: Report, reference: Reference) -> str:
    """The whole page."""
    summary = report.summary
    names = {str(number): f"{number}. {title}" for number, title in reference.programmes.items()}
    names |= {NO_PROGRAMME: "front parts", NOTHING_CITED: "nothing cited"}
    body = joined(
        _opening(report),
        _cards(summary),
        _figures(summary),
        _against(report.against),
        _places(summary, names),
        _slices(summary),
        _plots(report),
        _cases(report),
        _provenance(report),
    )
    return document(f"Evaluation {report.record.id}", body)


def document(title: str, body: Html) -> str:
    """A page around the body."""
    style = Html(STYLE.read_text(encoding="utf-8"))
    head = joined(
        el("meta", {"charset": "utf-8"}),
        el("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("title", None, title),
        el("style", None, style),
    )
    written = el("html", {"lang": "en"}, el("head", None, head), el("body", None, body))
    return f"<!doctype html>\n{written}\n"


def _opening(report: Report) -> Html:
    record, summary = report.record, report.summary
    told = dict(facts(report))
    asked = f"{told['asked']} · {told['part']} · {told['state']}"
    worst = [el("p", None, f"Worst slice: {told['worst slice']}.")] if summary.worst else []
    return joined(
        el("h1", None, f"How good are the answers of {record.conditions.model}?"),
        el("p", {"class": "quiet"}, asked),
        *worst,
    )


def _cards(summary: Summary) -> Html:
    cards = [
        el(
            "div",
            {"class": "card", "title": labels()[metric].meaning},
            el("span", None, labels()[metric].name),
            el("b", None, shown(summary.figures[metric], metric)),
            el(
                "span", None, f"{interval(summary.figures[metric])} · n {summary.figures[metric].n}"
            ),
        )
        for metric in CARDS
        if metric in summary.figures
    ]
    return el("div", {"class": "cards"}, *cards)


def _figures(summary: Summary) -> Html:
    rows: list[Sequence[Child]] = [
        (
            label.name,
            shown(summary.figures[metric], metric),
            pictures.interval_bar(summary.figures[metric]),
            interval(summary.figures[metric]),
            str(summary.figures[metric].n),
            label.meaning,
        )
        for metric, label in labels().items()
        if metric in summary.figures
    ]
    header = ("metric", "value", "", "95 % interval", "n", "what it means")
    return joined(
        el("h2", None, "All figures"),
        el(
            "p",
            {"class": "quiet"},
            "Intervals are Wilson's. Every question that was asked is counted; an error is wrong.",
        ),
        _table(header, rows, meaning=True),
    )


def _against(table: Table | None) -> Html:
    return joined(el("h2", None, table.title), _plain(table)) if table else joined()


def _places(summary: Summary, names: Mapping[str, str]) -> Html:
    return joined(
        el("h2", None, "Right programme?"),
        _figure(
            pictures.confusion_matrix(summary.confusion, names),
            "Rows: the programme that the question is about. Blue is right, orange is wrong.",
        ),
        el("h2", None, "Right section?"),
        _figure(
            pictures.section_tiles(summary.sections, names),
            "Per cent of the questions on a section whose first citation is right; "
            "the more orange, the more are missed.",
        ),
    )


def _slices(summary: Summary) -> Html:
    parts: list[Html] = []
    for table in slices(summary):
        parts += [el("h2", None, f"By {table.title.lower()}"), _plain(table)]
    return joined(*parts)


def _plots(report: Report) -> Html:
    curve = report.summary.confidence.curve
    risk = (
        _figure(pictures.risk_coverage(curve), "Only the most confident answers, then more.")
        if curve
        else el("p", {"class": "quiet"}, "These answers state no confidence.")
    )
    latency = (
        _figure(
            pictures.histogram(report.latencies_ms),
            f"{dict(facts(report))['latency']}; the last bar gathers all that is slower.",
        )
        if report.latencies_ms
        else el("p", {"class": "quiet"}, "These answers state no time.")
    )
    return joined(
        el("h2", None, "Does confidence tell?"),
        risk,
        el("h2", None, "How long does it take?"),
        latency,
    )


def _cases(report: Report) -> Html:
    parts: list[Html] = [el("h2", None, f"Failing cases ({len(report.cases)})")]
    if report.hidden:
        text = (
            f"{report.hidden} failing cases of the test part are hidden: that part is for judging, "
            "not for tuning."
        )
        parts.append(el("p", None, text))
    ordered = sorted(report.cases, key=lambda case: case.kind)
    for kind, members in groupby(ordered, key=lambda case: case.kind):
        cases = [_case(case) for case in members]
        head = el("summary", None, f"{kind} ({len(cases)})")
        parts.append(el("details", {"class": "group"}, head, el("div", None, *cases)))
    return joined(*parts)


def _case(case: Case) -> Html:
    quotes = [
        el("blockquote", None, el("code", None, sentence), f" «{quote}»")
        for sentence, quote in case.quotes
    ]
    rows: tuple[tuple[str, Sequence[Child]], ...] = (
        ("asked before", [_cut(" → ".join(case.history))] if case.history else []),
        ("question", [_cut(case.question)]),
        ("expected", ["\n".join(case.expected)]),
        ("evidence", [el("blockquote", None, f"«{span}»") for span in case.evidence]),
        ("given", [el("span", {"class": "wrong-text"}, case.given)]),
        ("quotes", quotes),
        ("answer", [_cut(case.answer)] if case.answer else []),
        ("failed", [", ".join(case.failed)] if case.failed else []),
    )
    pairs = [
        joined(el("dt", None, name), el("dd", None, *content)) for name, content in rows if content
    ]
    epoch = f" · epoch {case.epoch + 1}" if case.epoch else ""
    head = el("summary", None, el("code", None, case.key + epoch), _cut(case.question, 140))
    return el("details", {"class": "case"}, head, el("div", None, el("dl", None, *pairs)))


def _provenance(report: Report) -> Html:
    pairs = [joined(el("dt", None, n), el("dd", None, t)) for n, t in facts(report)]
    settings = report.record.conditions.settings.items()
    pairs += [joined(el("dt", None, n), el("dd", None, t)) for n, t in settings if t is not None]
    return joined(el("h2", None, "Made with"), el("dl", {"class": "facts"}, *pairs))


def _plain(table: Table) -> Html:
    return _table(table.header, table.rows)


def _table(
    header: Sequence[str], rows: Iterable[Sequence[Child]], *, meaning: bool = False
) -> Html:
    head = el("tr", None, *(el("th", {"scope": "col"}, name) for name in header))
    body = [el("tr", None, *(el("td", None, cell) for cell in row)) for row in rows]
    table = el(
        "table",
        {"class": "explained"} if meaning else None,
        el("thead", None, head),
        el("tbody", None, *body),
    )
    return el("div", {"class": "scroll"}, table)


def _figure(picture: Html, caption: str) -> Html:
    caption_ = el("figcaption", None, caption)
    return el("figure", None, el("div", {"class": "scroll"}, picture), caption_)


def _cut(text: str, max_length: int = MAX_TEXT) -> str:
    return visible(text, max_length)
