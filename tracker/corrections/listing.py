"""What the public reads of reports and corrections: closed lists of words, codes and entries of the log.

No sentence about a report is published, neither the reader's nor one of ours: what is public in free words has passed
two people, and so the list leads to the entries of the log that did. What remains is the subject, what is said to be
wrong by a closed list, and what became of it by another, which one person may decide without anything changing.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assessment, Became, Commitment, LedgerEntry, ReaderReport, Source
from tracker.paging import checked, last_page
from tracker.snapshot.snapshot import Snapshot

ON_A_PAGE = 50
AT_A_TIME = 500  # rows of the file that are in memory
REPORT = "report"
# Entries of the log that put something right, in words.
CORRECTING = {
    "correct": gettext_lazy("corrected"),
    "amend": gettext_lazy("amended"),
    "withdraw": gettext_lazy("withdrawn"),
    "redact": gettext_lazy("taken away for somebody's safety"),
}
ANSWERING = CORRECTING | {"publish": gettext_lazy("published"), "register": gettext_lazy("registered")}
OPEN = (Became.WAITING, Became.NEEDS_SOURCE, Became.DRAFTED)


def named(snapshot: Snapshot, about: Commitment | Assessment | Source) -> dict[str, str]:
    """What a report is about, for people: what it is, its code, its name and its address."""
    if isinstance(about, Source):
        path = reverse("source-detail", args=[about.code])
        return {"what": _("source"), "code": about.code, "title": about.title, "path": path}
    if isinstance(about, Commitment):
        path = reverse("commitment-detail", args=[about.plan.code, about.code])
        return {"what": _("promise"), "code": about.code, "title": about.title, "path": path}
    on, name = about.about, "right-detail" if about.category_id else "commitment-detail"
    path = f"{reverse(name, args=[on.plan.code, on.code])}#entry-{about.entry_id}"
    origin = snapshot.bodies.get(about.origin.code) if about.origin is not None else None
    words = {"who": origin.name if origin else about.origin, "code": on.code, "title": on.title}
    title = _("%(who)s on %(code)s %(title)s") % words
    return {"what": _("finding"), "code": str(about.entry_id), "title": title, "path": path}


def entries_of(reports: list[ReaderReport]) -> dict[int, list[int]]:
    """The entries of the log that answer each report, by its number: one question for all of them."""
    entries: dict[int, list[int]] = {report.pk: [] for report in reports}
    for report in reports:
        if report.outcome == Became.CHANGED and report.draft is not None and report.draft.entry_id is not None:
            entries[report.pk].append(report.draft.entry_id)
    through = ReaderReport.entries.through.objects.filter(readerreport__in=entries)
    for report_pk, entry in through.order_by("ledgerentry").values_list("readerreport", "ledgerentry"):
        if entry not in entries[report_pk]:
            entries[report_pk].append(entry)
    return entries


def version() -> str:
    """What changes whenever a report comes in or is decided on, which the log does not say."""
    row = ReaderReport.objects.aggregate(n=Count("pk"), sum=Sum("version"))
    return f"{row['n']}-{row['sum'] or 0}"


def _without_report() -> QuerySet[LedgerEntry]:
    """Entries that put something right and that no report led to."""
    led = (
        ReaderReport.objects.filter(Q(update_draft__entry=OuterRef("pk")) | Q(finding_draft__entry=OuterRef("pk"))),
        ReaderReport.entries.through.objects.filter(ledgerentry=OuterRef("pk")),
    )
    return LedgerEntry.objects.filter(~Exists(led[0]), ~Exists(led[1]), action__in=CORRECTING)


def page(snapshot: Snapshot, number: int) -> dict[str, Any]:
    """One page of the list, newest first, and counts of all of it."""
    settled, entries = ReaderReport.objects.settled(), _without_report()
    became = _counted(ReaderReport.objects.all(), "became")
    public = _counted(settled, "became")
    changed = public.pop(Became.DRAFTED, 0)
    by_action = _counted(entries, "action")
    total = public.total() + changed + by_action.total()
    last = last_page(total, ON_A_PAGE)
    start = (checked(number, last) - 1) * ON_A_PAGE
    rows: list[Any] = list(_newest_first(settled, entries)[start : start + ON_A_PAGE])
    outcomes = [
        (label, public[value] + (changed if value == Became.CHANGED else 0))
        for value, label in Became.choices
        if value not in (*OPEN, Became.NO_REPORT)
    ]
    waiting = sum(became[each] for each in OPEN) - changed
    return {
        "snapshot": snapshot,
        "lines": _lines(snapshot, rows),
        "total": total,
        "number": number,
        "pages": last,
        "outcomes": [(label, n) for label, n in outcomes if n],
        "received": became.total() - became[Became.NO_REPORT],
        "waiting": waiting,
        "thrown_away": became[Became.NO_REPORT],
        "actions": [(label, by_action[action]) for action, label in CORRECTING.items() if by_action[action]],
        "without_report": by_action.total(),
    }


def _newest_first(settled: QuerySet[ReaderReport], entries: QuerySet[LedgerEntry]) -> QuerySet[Any, Any]:
    """What the list holds: the moment, the number and whether it is that of a report or of an entry of the log."""
    rows = settled.order_by().values(when=F("settled_at"), row=F("pk"), kind=Value(REPORT, CharField()))
    rows = rows.union(entries.order_by().values(when=F("at"), row=F("pk"), kind=Value("entry", CharField())), all=True)
    return rows.order_by("-when", "-row")


def everything(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """All of the list, newest first, some hundreds at a time."""
    rows: list[Any] = list(_newest_first(ReaderReport.objects.settled(), _without_report()))
    for start in range(0, len(rows), AT_A_TIME):
        yield from _lines(snapshot, rows[start : start + AT_A_TIME])


def _counted(rows: QuerySet[Any], name: str) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list(name).annotate(n=Count("pk"))))


def _lines(snapshot: Snapshot, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a page as the template shows them: three questions, however many there are."""
    numbers = {kind: [row["row"] for row in rows if row["kind"] == kind] for kind in (REPORT, "entry")}
    reports = {row.pk: row for row in ReaderReport.objects.whole().filter(pk__in=numbers[REPORT])}
    answering = entries_of(list(reports.values()))
    entry_numbers = {*numbers["entry"], *(each for some in answering.values() for each in some)}
    entries = {row.pk: row for row in LedgerEntry.objects.filter(pk__in=entry_numbers).select_related("body")}
    lines = []
    for row in rows:
        if row["kind"] == REPORT:
            report = reports[row["row"]]
            answers = [_entry(snapshot, entries[n]) for n in answering[report.pk] if n in entries]
            line = {"report": report, "about": named(snapshot, report.about), "entries": answers}
        else:
            entry = _entry(snapshot, entries[row["row"]])
            about = {"code": entry["entry"].subject, "title": entry.get("title"), "path": entry.get("path")}
            line = {"report": None, "about": about, "entries": [entry]}
        lines.append(line | {"when": row["when"]})
    return lines


def _entry(snapshot: Snapshot, entry: LedgerEntry) -> dict[str, Any]:
    """An entry in words, with the promise, metric or source that its subject names where there is such a page."""
    body = getattr(entry, "body", None)
    content = json.loads(body.text) if body is not None and body.text else {}
    words = ANSWERING.get(entry.action, entry.action)
    return {"entry": entry, "words": words, "reason": content.get("reason", "")} | _place(snapshot, entry.subject)


def _place(snapshot: Snapshot, subject: str) -> dict[str, str]:
    """The page of what a subject of the log names: “judgement hrap-2021-2025/I.5.4a 12”."""
    words = subject.split(" ")
    plan_code, slash, code = (words[1] if len(words) > 1 else "").partition("/")
    if slash and (plan := snapshot.plans.get(plan_code)) is not None:
        record: Any = plan.commitments.get(code) or plan.categories.get(code) or plan.provisions.get(code)
        return {"path": record.path, "title": f"{record.code} {record.title}"} if record is not None else {}
    if words[0] == "source" and plan_code in snapshot.sources:
        return {"path": reverse("source-detail", args=[plan_code]), "title": snapshot.sources[plan_code].title}
    if plan_code in snapshot.metrics:
        return {"path": reverse("metric-detail", args=[plan_code]), "title": snapshot.metrics[plan_code].name}
    if plan_code in snapshot.bodies:
        return {"path": reverse("body-detail", args=[plan_code]), "title": snapshot.bodies[plan_code].name}
    return {}
