"""The list of corrections taken along: as CSV with its description, as JSON, and as an Atom feed to follow."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.exports import answers, feeds
from tracker.exports.about import state_of
from tracker.exports.describe import CSVW_TYPE, csvw_metadata
from tracker.exports.text import csv_lines, json_pieces
from tracker.models.reports import SETTLED, Because, Wrong
from tracker.records.dictionary import LIST, TIME, WHOLE, Column
from tracker.snapshot.snapshot import Snapshot

from . import listing

COLUMNS = (
    Column("when", gettext_lazy("When it was put right, or the report was decided on"), TIME),
    Column("report", gettext_lazy("Number of the report; blank where no reader reported it"), WHOLE, filled=False),
    Column("reported_at", gettext_lazy("When the report came in"), TIME, filled=False),
    Column(
        "about",
        gettext_lazy("What it is about; an entry of the log where no reader reported it"),
        words=dict.fromkeys(("commitment", "assessment", "source", "entry"), ""),
    ),
    Column("code", gettext_lazy("Its code, the number of its log entry, or the subject that the log names")),
    Column("title", gettext_lazy("Its title; blank where the subject has no page"), filled=False),
    Column("url", gettext_lazy("Its page"), filled=False),
    Column("wrong", gettext_lazy("What was reported, of a closed list"), filled=False, words=dict(Wrong.choices)),
    Column(
        "outcome",
        gettext_lazy("What became of the report, or what the entry did"),
        words={each: each.label for each in SETTLED} | dict.fromkeys(listing.CORRECTING, ""),
    ),
    Column("because", gettext_lazy("Why a report is not followed"), filled=False, words=dict(Because.choices)),
    Column("same_as", gettext_lazy("Number of the report that said it before"), WHOLE, filled=False),
    Column("entries", gettext_lazy("Entries of the log that answer it"), LIST, filled=False),
    Column("reason", gettext_lazy("Reasons that those entries give"), filled=False),
)


def _rows(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The list as rows of plain values, newest first."""
    for line in listing.everything(snapshot):
        report, about, entries = line["report"], line["about"], line["entries"]
        row: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
        row["about"] = report.about._meta.model_name if report else "entry"
        if report:
            row |= {"report": report.pk, "reported_at": report.at.isoformat(), "wrong": report.wrong}
            row |= {"outcome": report.outcome, "because": report.because or None, "same_as": report.same_as_id}
        else:
            row["outcome"] = entries[0]["entry"].action
        row |= {"when": line["when"].isoformat(), "code": about["code"], "title": about["title"]}
        row["url"] = settings.SITE_URL + about["path"] if about["path"] else None
        row["entries"] = [str(each["entry"].seq) for each in entries]
        row["reason"] = " ".join(each["reason"] for each in entries if each["reason"]) or None
        yield row


def as_csv(snapshot: Snapshot) -> HttpResponse:
    """All of the list as a CSV file to download."""
    lines = csv_lines([column.name for column in COLUMNS], ([*row.values()] for row in _rows(snapshot)))
    headers = answers.named(f"corrections-{snapshot.on}.csv")
    headers |= answers.described_by(settings.SITE_URL + reverse("corrections-csv-metadata"))
    return answers.whole(lines, content_type=answers.CSV, headers=headers)


def as_csv_metadata(snapshot: Snapshot) -> HttpResponse:
    """What that CSV file holds, as CSVW."""
    document = csvw_metadata(
        address=settings.SITE_URL + reverse("corrections-csv"),
        title=_("Corrections"),
        description=_("What readers reported and what became of it, and all that was put right without a report."),
        columns=COLUMNS,
        primary=("when", "code"),
        modified=str(snapshot.on),
    )
    return JsonResponse(document, content_type=CSVW_TYPE, headers=answers.READ_ANYWHERE)


def as_json(snapshot: Snapshot) -> HttpResponse:
    """All of the list as JSON."""
    rows = list(_rows(snapshot))
    about = {"count": len(rows), **state_of(snapshot), "url": settings.SITE_URL + reverse("corrections")}
    headers = answers.named(f"corrections-{snapshot.on}.json", disposition="inline")
    return answers.whole(json_pieces(rows, about), content_type="application/json", headers=headers)


def as_feed(snapshot: Snapshot, number: int) -> HttpResponse:
    """The list as an Atom feed, a page of it at a time."""
    page, path = listing.page(snapshot, number), reverse("corrections")
    feed = feeds.begun(
        snapshot,
        number,
        page["pages"],
        title=_("Promise by promise: corrections"),
        subtitle=_("What readers reported and what became of it, and all that was put right without a report."),
        link=path,
        path=reverse("corrections-feed"),
        updated=page["lines"][0]["when"] if page["lines"] else feeds.midnight(snapshot.on),
    )
    for line in page["lines"]:
        report, about, entries = line["report"], line["about"], line["entries"]
        subject = f"{about['code']} {about['title']}" if report else about["title"] or about["code"]
        became = report.outcome.label if report else entries[0]["words"]
        lines = [_("Reported: %(what)s") % {"what": report.get_wrong_display()}] if report else []
        lines += [_("Why: %(reason)s") % {"reason": report.get_because_display()}] if report and report.because else []
        for each in entries:
            words = {"words": capfirst(each["words"]), "entry": each["entry"].seq, "reason": each["reason"]}
            lines.append((_("%(words)s, log entry %(entry)s. %(reason)s") % words).strip())
        number_of = report.pk if report else entries[0]["entry"].seq
        feed.add_item(
            title=feeds.clean(_("%(subject)s: %(became)s") % {"subject": subject, "became": became}),
            link=settings.SITE_URL + (about["path"] or path),
            description=feeds.clean("".join(format_html("<p>{}</p>", each) for each in lines)),
            unique_id=f"{feeds.tag_of(snapshot)}corrections/{'report' if report else 'entry'}-{number_of}",
            pubdate=line["when"],
            updateddate=line["when"],
            terms=(),
        )
    return feeds.answer_with(feed)
