"""Progress in the invented country: drafts by an editor, made public by a reviewer, through the actions."""

import datetime

from tracker import actions
from tracker.models import Assessment, Body, Category, Commitment, Evidence, Metric, Source, Update

PIPED = "village-homes-with-piped-water"


def day(text):
    return datetime.date.fromisoformat(text)


def source(by, code="village-census-2025"):
    """A publication of the Office of Numbers, registered once."""
    found = Source.objects.filter(code=code).first()
    office = Body.objects.get(code="office-of-numbers")
    fresh = Source(code=code, publisher=office, title="Village census", address=f"https://numbers.example/{code}")
    return found or actions.register(record=fresh, by=by)


def evidence(by, note=""):
    return [Evidence(source=source(by), locator="table 3", note=note)]


def value(number, as_of, *, metric=PIPED, **more):
    """An unsaved figure of the Office of Numbers."""
    given = {"bound": "exact", "fits": "same", "how": "reported", "summary": "Homes with a tap were counted."} | more
    origin = Body.objects.get(code="office-of-numbers")
    return Update(
        what="value", metric=Metric.objects.get(code=metric), value=number, as_of=day(as_of), origin=origin, **given
    )


def rung(stage, as_of, *, metric="water-law", **more):
    """An unsaved stage, announced by the Chancery."""
    given = {"summary": "The gazette announced it.", "origin": Body.objects.get(code="chancery")} | more
    return Update(what="rung", metric=Metric.objects.get(code=metric), rung=stage, as_of=day(as_of), **given)


def judgement(verdict, as_of, *, commitment="I.2.2a", **more):
    """An unsaved judgement against the written test."""
    about = Commitment.objects.get(code=commitment, plan__code="vellmark-2030")
    given = {"summary": "Two valleys opened offices."} | more
    return Update(what="judgement", commitment=about, verdict=verdict, as_of=day(as_of), **given)


def search(as_of, *, commitment="I.1.1d", **more):
    """An unsaved search in vain."""
    about = Commitment.objects.get(code=commitment, plan__code="vellmark-2030")
    given = {"summary": "The gazette was read; nothing is there."} | more
    return Update(what="search", commitment=about, as_of=day(as_of), **given)


def finding(says, as_of, *, commitment="I.1.1e", category=None, origin="lake-council", **more):
    """An unsaved finding of the Lake Council, on a promise or with ``category`` on a right."""
    about = {"commitment": Commitment.objects.get(code=commitment, plan__code="vellmark-2030")}
    if category:
        about = {"category": Category.objects.get(code=category, plan__code="vellmark-2030")}
    given = {"summary": "It heard of homes without water.", "document": "LC/2/7"} | more
    return Assessment(says=says, as_of=day(as_of), origin=Body.objects.get(code=origin), **about, **given)


def submitted(record, by, *, cited=True):
    """A row that waits for review, with one piece of evidence unless ``cited`` says otherwise."""
    return actions.submit(record=actions.draft(record=record, by=by, evidence=evidence(by) if cited else ()), by=by)


def published(record, by, reviewer, *, cited=True):
    """A row that is public."""
    return actions.publish(record=submitted(record, by, cited=cited), by=reviewer)
