"""Progress in the invented country: drafts by an editor, made public by a reviewer, through the actions."""

import datetime

from django.contrib.auth import get_user_model

from tests.registering import register
from tracker.actions.progress import draft, publish, submit
from tracker.actions.redaction import ask_redaction, confirm_redaction
from tracker.models import Assessment, Body, Category, Commitment, Evidence, Metric, Source, Update
from tracker.models.roles import COMPILER

from .factories import StaffFactory

PIPED = "village-homes-with-piped-water"


def day(text):
    return datetime.date.fromisoformat(text)


def body(code="office-of-numbers"):
    """A body of the invented country."""
    return Body.objects.get(code=code)


def promise(code="I.1.1a"):
    """A commitment of the invented plan."""
    return Commitment.objects.get(code=code, plan__code="vellmark-2030")


def source(code="village-census-2025"):
    """A publication of the Office of Numbers, registered once."""
    known = Source.objects.filter(code=code).first()
    fresh = Source(code=code, publisher=body(), title="Village census", address=f"https://numbers.example/{code}")
    return known or register(record=fresh, by=get_user_model().objects.get(username=COMPILER))


def evidence(note=""):
    return [Evidence(source=source(), locator="table 3", note=note)]


def value(number=80, as_of="2025-12-31", *, metric=PIPED, **more):
    """An unsaved figure of the Office of Numbers."""
    fields = {"bound": "exact", "fits": "same", "how": "reported"}
    fields |= {"summary": f"Piped water in {number} percent of homes."} | more
    about = Metric.objects.get(code=metric)
    return Update(what="value", metric=about, value=number, as_of=day(as_of), origin=body(), **fields)


def rung(stage, as_of, *, metric="water-law", **more):
    """An unsaved stage, announced by the Chancery."""
    fields = {"summary": "The gazette announced it.", "origin": body("chancery")} | more
    return Update(what="rung", metric=Metric.objects.get(code=metric), rung=stage, as_of=day(as_of), **fields)


def judgement(verdict, as_of, *, commitment="I.2.2a", **more):
    """An unsaved judgement against the written test."""
    fields = {"summary": "Two valleys opened offices."} | more
    return Update(what="judgement", commitment=promise(commitment), verdict=verdict, as_of=day(as_of), **fields)


def search(as_of, *, commitment="I.1.1d", **more):
    """An unsaved search in vain."""
    fields = {"summary": "The gazette was read; nothing is there.", "reach": "limited"} | more
    return Update(what="search", commitment=promise(commitment), as_of=day(as_of), **fields)


def finding(says="not_kept", as_of="2026-05-01", *, commitment="I.1.1e", category=None, origin="lake-council", **more):
    """An unsaved finding of the Lake Council, on a promise or with ``category`` on a right."""
    about = {"commitment": promise(commitment)}
    if category:
        about = {"category": Category.objects.get(code=category, plan__code="vellmark-2030")}
    fields = {"summary": "It heard of homes without water.", "document": "LC/2/7"} | more
    return Assessment(says=says, as_of=day(as_of), origin=body(origin), **about, **fields)


def drafted(record, by, *, cited=True):
    """A row saved as a draft, with one piece of evidence unless ``cited`` says otherwise."""
    return draft(record=record, by=by, evidence=evidence() if cited else ())


def submitted(record, by, *, cited=True):
    """A row that waits for review."""
    return submit(record=drafted(record, by, cited=cited), by=by)


def published(record, by, reviewer, *, cited=True):
    """A row that is public."""
    return publish(record=submitted(record, by, cited=cited), by=reviewer)


def redact(*, record, reason, by):
    """A redaction that another reviewer asked for and ``by`` confirms; its entry in the log."""
    other = get_user_model().objects.filter(username="rolf").first() or StaffFactory(username="rolf", role="reviewer")
    return confirm_redaction(request=ask_redaction(record=record, reason=reason, by=other), by=by)


def correction(published, by, value, reason="Misread."):
    """A correction beside one that is on its way, as two people could have begun them before that was refused."""
    row = type(published)(**{f.attname: getattr(published, f.attname) for f in published._meta.concrete_fields})
    row.pk, row._state.adding, row._final = None, True, False
    row.state, row.entry, row.reviewer, row.seal, row.seed_key = "draft", None, None, "", ""
    row.value, row.reason, row.replaces, row.version = value, reason, published, 1
    return draft(record=row, by=by, evidence=evidence())
