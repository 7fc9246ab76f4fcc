"""What readers report, on its way: it comes in, staff decide on it, and it is forgotten after a while.

What staff decide is one of a closed list. It changes nothing that the site says: that takes a draft and a second person
as everything does, and the report then leads to the log's entry of it.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tracker.models import (
    UNWRITTEN,
    Assessment,
    Became,
    Because,
    Body,
    Commitment,
    Deed,
    Evidence,
    LedgerEntry,
    Metric,
    ReaderReport,
    ReaderSending,
    Rule,
    Says,
    Shape,
    Source,
    State,
    Update,
    What,
    public_day,
)
from tracker.models.reports import SENDER, WORDS
from tracker.models.roles import may_write
from tracker.serving.limits import network
from tracker.uploads import storage

from . import messages, trail
from .errors import Conflict, NotAllowed
from .files import forget_unnamed
from .people import digest_of
from .progress import draft

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MOST_OF_ONE = 10  # sendings of one address in an hour
FINDING, REPLY, UPDATE = "finding", "reply", "update"  # what a report becomes a draft of
NO_FILE = {"file_hash": "", "file_name": "", "file_type": "", "file_size": 0, "stored": ""}


def sendings(now: datetime.datetime) -> int:
    """How many forms all readers together have sent within an hour."""
    return ReaderSending.objects.filter(at__range=(now - HOUR, now)).count()


@transaction.atomic
def count_sending(*, address: str, now: datetime.datetime) -> bool:
    """Count that an address sends a form; whether it still may. All processes of the server count together.

    The address itself is not kept, but a hash under the site's key and the day, which is gone after that.
    """
    key = salted_hmac(f"sending of {now:%Y-%m-%d}", network(address), algorithm="sha256").hexdigest()
    if connection.vendor == "postgresql":  # those of one address in turn; SQLite has one writer at a time by itself
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    if ReaderSending.objects.filter(key=key, at__range=(now - HOUR, now)).count() >= MOST_OF_ONE:
        return False
    ReaderSending(key=key, at=now).save()
    return True


@storage.all_or_none()
@transaction.atomic
def send(
    *,
    about: Commitment | Assessment | Source,
    wrong: str,
    text: str,
    token: str,
    link: str = "",
    name: str = "",
    contact: str = "",
    upload: storage.Checked | None = None,
) -> ReaderReport:
    """Take a report in, from anybody; one that came in under this token already is left as it is. Staff are told.

    Raises ``ValidationError``.
    """
    digest = digest_of(token)
    if (before := ReaderReport.objects.filter(digest=digest).first()) is not None:
        return before
    report = ReaderReport(
        at=timezone.now(), wrong=wrong, text=text, link=link, name=name, contact=contact, digest=digest
    )
    setattr(report, str(about._meta.model_name), about)
    if upload is not None:
        if Evidence.objects.taken_away([upload.hash]):
            raise ValidationError({"file": _("This file was taken away for somebody's safety and is not taken in.")})
        report.file_hash, report.file_name, report.file_type = upload.hash, upload.name, upload.type
        report.file_size, report.stored = upload.size, storage.store(upload.content)
    report.full_clean(exclude=["digest", *("commitment", "assessment", "source")], validate_unique=False)
    report.save()
    messages.tell_of_report(report)
    return report


def of_token(token: str) -> ReaderReport | None:
    """The report whose sender was given this token."""
    return ReaderReport.objects.whole().filter(digest=digest_of(token)).first()


def _current(report: ReaderReport, by: User, version: int | None) -> ReaderReport:
    """The report as it stands, read behind a lock. Raises ``NotAllowed``, and ``Conflict`` where it has moved on."""
    if not may_write(by):
        raise NotAllowed(_("Deciding on reports is for those who write drafts."))
    row = ReaderReport.objects.select_for_update(of=("self",)).whole().get(pk=report.pk)
    if version is not None and row.version != version:
        raise Conflict(_("A colleague has decided on this report since you opened it: look at it again."))
    return row


def _decided(report: ReaderReport, by: User, detail: str) -> ReaderReport:
    """Save a decision, note it, and send nobody to the report any more."""
    report.decided_at, report.version = timezone.now(), report.version + 1
    report.full_clean(exclude=["digest"], validate_unique=False)
    report.save()
    trail.note(by=by, deed=Deed.REPORT, record=report, detail=detail)
    messages.settle(ReaderReport, [report.pk])
    return report


@transaction.atomic
def decide(
    *,
    report: ReaderReport,
    became: Became,
    by: User,
    version: int | None = None,
    because: str = "",
    answer: str = "",
    same_as: ReaderReport | None = None,
    entries: Collection[int] = (),
) -> ReaderReport:
    """Say what becomes of a report: one of a closed list, which is public, and an answer, which is its sender's alone.

    ``entries`` are numbers of the log that answer it: what they published has passed two people. Raises
    ``ValidationError`` by field.
    """
    report = _current(report, by, version)
    answering = list(LedgerEntry.objects.filter(pk__in=entries))
    if missing := set(entries) - {entry.pk for entry in answering}:
        raise ValidationError({"entries": _("The log has no entry %(n)s.") % {"n": min(missing)}})
    public = report.draft is not None and report.draft.state == State.PUBLISHED
    if became == Became.CHANGED and not answering and not public:
        raise ValidationError({"entries": _("Give the number of the log's entry that changed something.")})
    if became == Became.REFUSED and because not in Because.values:
        raise ValidationError({"because": _("Say why it is not followed.")})
    if became == Became.DUPLICATE and (same_as is None or same_as.pk == report.pk):
        raise ValidationError({"same_as": _("Give the number of the other report.")})
    if became == Became.DRAFTED and report.draft is None:
        raise ValidationError({"became": _("Nothing was drafted of it.")})
    report.became, report.answer = became, answer.strip()
    report.because = because if became == Became.REFUSED else ""
    report.same_as = same_as if became == Became.DUPLICATE else None
    stored = {report.stored} - {""} if became == Became.NO_REPORT else set()
    if became == Became.NO_REPORT:
        _empty(report, WORDS)
    report.entries.set(answering)
    transaction.on_commit(lambda: forget_unnamed(stored), robust=True)
    detail = report.get_became_display() + (f" ({report.get_because_display()})" if report.because else "")
    return _decided(report, by, detail)


@transaction.atomic
def take_up(
    *, report: ReaderReport, kind: str, by: User, version: int | None = None, origin: Body | None = None
) -> Update | Assessment:
    """Draft an update or a finding of a report: about the same promise, with its file to hand.

    It holds none of the reader's words: they stand beside its form as long as the report has them. What it says is
    still to be written, and until then nobody can hand it in. A reply is a finding of ``origin`` that names the finding
    which it answers. A source that is on record under the reader's link is cited.
    """
    report = _current(report, by, version)
    if report.draft is not None:
        raise NotAllowed(_("It became a draft already: go on with that one."))
    record: Any = _finding_of(report, kind, origin) if kind in (FINDING, REPLY) else _update_of(report)
    source = Source.objects.filter(address=report.link).first() if report.link else None
    cited = [Evidence(source=source, **report.file_fields())] if source is not None else []
    record = draft(record=record, by=by, evidence=cited)
    report.became = Became.DRAFTED
    if isinstance(record, Update):
        report.update_draft = record
    else:
        report.finding_draft = record
    _decided(report, by, f"{report.get_became_display()}: {record.subject}"[:300])
    return record  # type: ignore[no-any-return]


def _finding_of(report: ReaderReport, kind: str, origin: Body | None) -> Assessment:
    answered = report.assessment
    commitment = report.commitment or (answered.commitment if answered is not None else None)
    category = answered.category if answered is not None else None
    if commitment is None and category is None:
        raise NotAllowed(_("A report on a source is followed on the source's own form: a draft needs a promise."))
    replies_to = answered if kind == REPLY and answered is not None and answered.entry_id else None
    return Assessment(
        commitment=commitment,
        category=category,
        origin=origin,
        says=Says.NOTES,
        as_of=public_day(report.at),
        replies_to=replies_to,
        summary=UNWRITTEN,
    )


def _update_of(report: ReaderReport) -> Update:
    """An update of the kind that the promise needs: its figure, its stage, a judgement, or a search."""
    commitment = report.commitment or (report.assessment.commitment if report.assessment is not None else None)
    if commitment is None:
        raise NotAllowed(_("An update is about a promise, and this report is not."))
    about: dict[str, Any] = {"commitment": commitment, "what": What.SEARCH}
    metric: Metric | None = commitment.metric
    if metric is not None:
        about = {"metric": metric, "what": What.RUNG, "origin": metric.producer}
        if metric.shape == Shape.NUMBER:
            about |= {"what": What.VALUE, "bound": "exact", "fits": "same", "how": "reported"}
    elif commitment.rule == Rule.JUDGE:
        about["what"] = What.JUDGEMENT
    return Update(as_of=public_day(report.at), summary=UNWRITTEN, **about)


def of_draft(record: Update | Assessment) -> ReaderReport | None:
    """The report of which something was drafted."""
    field = "update_draft" if isinstance(record, Update) else "finding_draft"
    return ReaderReport.objects.filter(**{field: record}).first() if record.pk else None


def _empty(report: ReaderReport, names: Collection[str]) -> None:
    """Take what somebody typed away, and with the words the file."""
    for name in names:
        setattr(report, name, "")
    for name, blank in NO_FILE.items() if "text" in names else ():
        setattr(report, name, blank)


def purge() -> int:
    """Forget who sent what, REPORT_DAYS after it came in, and the words and files of what is decided; how many rows.

    What became of a report stays: it holds nothing that anybody typed. Sendings are forgotten after a day.
    """
    now = timezone.now()
    ReaderSending.objects.filter(at__lt=now - DAY).delete()
    old = ReaderReport.objects.filter(at__lt=now - datetime.timedelta(days=settings.REPORT_DAYS))
    named = Q(*((f"{name}__gt", "") for name in SENDER), _connector=Q.OR)
    worded = Q(*((f"{name}__gt", "") for name in WORDS), _connector=Q.OR) | Q(file_size__gt=0)
    closed = [each.pk for each in old.whole().filter(worded) if not each.is_open]
    with transaction.atomic():
        stored = set(old.filter(pk__in=closed).exclude(stored="").values_list("stored", flat=True))
        n = old.filter(named).exclude(pk__in=closed).update(**dict.fromkeys(SENDER, ""))
        n += old.filter(pk__in=closed).update(**dict.fromkeys(WORDS, ""), **NO_FILE)
        transaction.on_commit(lambda: forget_unnamed(stored), robust=True)
    return n


def waiting() -> int:
    """How many reports nobody has looked at."""
    return ReaderReport.objects.waiting().count()
