"""Progress on the invented plan: rules, sides, a reply, a correction, a withdrawal, a redaction, an amendment."""

import datetime
from decimal import Decimal

from tests.registering import register
from tracker.actions.changes import amend_at_once
from tracker.actions.progress import publish_all
from tracker.models import Assessment, Body, Category, Commitment, Evidence, Metric, Source, Update

from .drafts import redact

SOURCES = (
    ("census-2026", "office-of-numbers", "Village census 2026", "https://numbers.vellmark.example/census", ""),
    ("gazette", "chancery", "Gazette of Vellmark", "", "No address was confirmed."),
    ("lake-report", "lake-council", "Observations of the Lake Council", "https://lake.example/obs", ""),
    ("watch-note", "valley-watch", "Note of Valley Watch", "https://watch.example/note", ""),
)
DAY = datetime.date


def publish_progress(*, by, reviewer):
    """Publish it all, compiled by one and checked by the other. Rows by a name that tests use."""
    for code, publisher, title, address, why in SOURCES:
        body = Body.objects.get(code=publisher)
        source = Source(code=code, publisher=body, title=title, address=address, reason_withheld=why)
        register(record=source, by=by)
    rows = {name: _row(**fields) for name, fields in UPDATES.items()}
    _publish(rows, by, reviewer)
    findings = {name: _finding(**fields) for name, fields in FINDINGS.items()}
    _publish(findings, by, reviewer)
    answer = _finding("gazette", "notes", "chancery", DAY(2026, 9, 1), commitment="I.1.1e", text="ANSWER")
    answer[0].replies_to = findings["un_breach"][0]
    right = _finding("lake-report", "notes", "lake-council", DAY(2026, 8, 2), category="I.1", text="WHOLE-RIGHT")
    fixed = _row("census-2026", value=84, as_of=DAY(2026, 6, 30), metric="village-homes-with-piped-water", text="FIXED")
    fixed[0].replaces, fixed[0].reason = rows["wrong"][0], "A slip of the pen."
    gone = Update(
        what="withdrawal",
        metric=rows["withdrawn"][0].metric,
        as_of=DAY(2026, 10, 1),
        replaces=rows["withdrawn"][0],
        reason="The census took it back.",
        summary="Withdrawn.",
    )
    later = {"answer": answer, "right": right, "fixed": fixed, "gone": (gone, [])}
    for name, pair in later.items():
        _publish({name: pair}, by, reviewer)
    redact(record=findings["redacted"][0], reason="It named a person.", by=reviewer)
    amend_at_once(
        record=Commitment.objects.get(code="I.1.1d"),
        changes={"test": "Kept if a law on water is adopted by the last day of 2030."},
        reason="Says the same more plainly.",
        by=by,
        reviewer=reviewer,
    )
    return {name: pair[0] for name, pair in {**rows, **findings, **later}.items()}


def _publish(rows, by, reviewer):
    by_model = {}
    for name, (record, evidence) in rows.items():
        record.seed_key = f"test-{name}"
        by_model.setdefault(type(record), []).append((record, evidence))
    for records in by_model.values():
        publish_all(records=records, by=by, reviewer=reviewer)


def _row(source, *, as_of, metric=None, commitment=None, value=None, text="", origin="office-of-numbers", **more):
    kind = (
        "value"
        if value is not None
        else "rung"
        if more.get("rung")
        else "judgement"
        if more.get("verdict")
        else "search"
    )
    if value is not None:
        more = {"bound": "exact", "fits": "same", "how": "reported", "value": Decimal(str(value)), **more}
    if kind == "search":
        more = {"reach": "limited", **more}
    record = Update(
        what=kind,
        metric=Metric.objects.get(code=metric) if metric else None,
        commitment=Commitment.objects.get(code=commitment) if commitment else None,
        origin=Body.objects.get(code=origin) if metric else None,
        as_of=as_of,
        summary=text,
        **more,
    )
    return record, _evidence(source)


def _finding(source, says, origin, as_of, *, commitment=None, category=None, text="", **more):
    record = Assessment(
        commitment=Commitment.objects.get(code=commitment) if commitment else None,
        category=Category.objects.get(code=category) if category else None,
        origin=Body.objects.get(code=origin),
        says=says,
        as_of=as_of,
        summary=text,
        **more,
    )
    return record, _evidence(source)


def _evidence(source):
    return [Evidence(source=Source.objects.get(code=source), locator="p. 7")] if source else []


WATER = "village-homes-with-piped-water"
UPDATES = {
    "baseline": {"source": "census-2026", "metric": WATER, "value": 80, "as_of": DAY(2025, 12, 31), "text": "BASELINE"},
    "near": {
        "source": "census-2026",
        "metric": WATER,
        "value": 81,
        "fits": "near",
        "as_of": DAY(2026, 3, 31),
        "text": "NEAR",
    },
    "other": {
        "source": "watch-note",
        "metric": WATER,
        "value": 70,
        "fits": "other",
        "bound": "less_than",
        "origin": "valley-watch",
        "as_of": DAY(2026, 5, 31),
        "text": "OTHER",
    },
    "wrong": {"source": "census-2026", "metric": WATER, "value": 48, "as_of": DAY(2026, 6, 30), "text": "WRONG"},
    "withdrawn": {"source": "gazette", "metric": WATER, "value": 99, "as_of": DAY(2026, 7, 31), "text": "TAKENBACK"},
    "last": {
        "source": "census-2026",
        "metric": WATER,
        "value": 86,
        "bound": "about",
        "as_of": DAY(2026, 9, 30),
        "text": "LAST",
    },
    "wells": {
        "source": "gazette",
        "metric": "deep-wells-dug",
        "value": 4,
        "starts_on": DAY(2026, 1, 1),
        "as_of": DAY(2026, 9, 30),
        "origin": "chancery",
        "text": "WELLS",
    },
    "wages-before": {
        "source": "census-2026",
        "metric": "real-wages",
        "value": 3100,
        "starts_on": DAY(2024, 1, 1),
        "as_of": DAY(2024, 12, 31),
        "text": "WAGES",
    },
    "accidents": {
        "source": "census-2026",
        "metric": "accidents-at-work",
        "value": 500,
        "starts_on": DAY(2020, 1, 1),
        "as_of": DAY(2020, 12, 31),
        "text": "ACCIDENTS",
    },
    "jobless": {
        "source": "census-2026",
        "metric": "unemployment-rate",
        "value": 5.1,
        "starts_on": DAY(2025, 1, 1),
        "as_of": DAY(2025, 12, 31),
        "text": "JOBLESS",
    },
    "drafted": {
        "source": "gazette",
        "metric": "water-law",
        "rung": "drafted",
        "origin": "chancery",
        "as_of": DAY(2026, 4, 2),
        "text": "DRAFTED",
    },
    "report": {
        "source": "lake-report",
        "metric": "lake-council-second-report",
        "rung": "submitted",
        "origin": "lake-council",
        "as_of": DAY(2026, 10, 3),
        "text": "REPORT",
    },
    "advice": {
        "source": "gazette",
        "commitment": "I.2.2a",
        "verdict": "in_part",
        "as_of": DAY(2026, 10, 1),
        "text": "ADVICE",
    },
    "choirs": {"source": None, "commitment": "II.2b", "as_of": DAY(2026, 10, 1), "text": "LOOKED"},
}
FINDINGS = {
    "un_breach": {
        "source": "lake-report",
        "says": "not_kept",
        "origin": "lake-council",
        "as_of": DAY(2026, 8, 1),
        "commitment": "I.1.1e",
        "text": "BREACH",
        "document": "LC/2026/4, para. 12",
        "finds_harm": False,
    },
    "claim": {
        "source": "gazette",
        "says": "kept",
        "origin": "chancery",
        "as_of": DAY(2026, 7, 1),
        "commitment": "I.1.1e",
        "text": "CLAIM",
    },
    "redacted": {
        "source": "watch-note",
        "says": "not_kept",
        "origin": "valley-watch",
        "as_of": DAY(2026, 7, 5),
        "commitment": "I.1.1e",
        "text": "SECRETNAME",
    },
}
