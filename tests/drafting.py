"""Records of progress for tests: published values and findings, and forms as a browser would send them."""

import datetime

from django.contrib.auth import get_user_model

from tracker import actions
from tracker.models import Assessment, Body, Commitment, Evidence, Metric, Source, Update
from tracker.roles import COMPILER


def body(code="office-of-numbers"):
    """A body of the invented country."""
    return Body.objects.get(code=code)


def promise(code="I.1.1a"):
    """A commitment of the invented plan."""
    return Commitment.objects.get(plan__code="vellmark-2030", code=code)


def source(code="gazette-1"):
    """A publication of the invented country."""
    found = Source.objects.filter(code=code).first()
    address = f"https://gazette.example/{code}"
    new = Source(code=code, title=f"Gazette of Vellmark, {code}", address=address, language="en", publisher=body())
    return found or actions.register(record=new, by=get_user_model().objects.get(username=COMPILER))


def value_row(number=80, code="village-homes-with-piped-water", **fields):
    """An unsaved value of a metric."""
    given = {"bound": "exact", "fits": "same", "how": "reported", "as_of": datetime.date(2025, 12, 31)}
    given |= {"what": "value", "summary": f"Piped water in {number} percent of homes."}
    return Update(metric=Metric.objects.get(code=code), value=number, origin=body(), **given | fields)


def finding_row(says="not_kept", code="I.1.1a", origin="valley-watch", **fields):
    """An unsaved finding on a promise."""
    given = {"as_of": datetime.date(2026, 5, 1), "summary": "Half of the taps are dry."}
    return Assessment(commitment=promise(code), origin=body(origin), says=says, **given | fields)


def drafted(row, by):
    """A row saved as a draft with one piece of evidence."""
    return actions.draft(record=row, by=by, evidence=[Evidence(source=source(), locator="p. 3")])


def submitted(row, by):
    """A row handed in for review."""
    return actions.submit(record=drafted(row, by), by=by)


def published(row, by, reviewer):
    """A row made public by two people."""
    return actions.publish(record=submitted(row, by), by=reviewer)


def decision(row, **sent):
    """What the review form sends of a row that has not changed since it was shown."""
    return {"seen_version": type(row).objects.get(pk=row.pk).version} | sent


def value_form(number="81.5", **fields):
    """What the form of a value sends."""
    sent = {
        "metric": Metric.objects.get(code="village-homes-with-piped-water").pk,
        "value": number,
        "bound": "exact",
        "as_of": "2026-06-30",
        "precision": "day",
        "origin": body().pk,
        "fits": "same",
        "how": "reported",
        "summary": "Piped water in more homes.",
    }
    return sent | evidence_form() | fields


def evidence_form(*sources):
    """What the evidence below a form sends."""
    sources = sources or (source(),)
    sent = {"evidence-TOTAL_FORMS": len(sources), "evidence-INITIAL_FORMS": 0}
    for n, each in enumerate(sources):
        sent |= {f"evidence-{n}-source": each.pk, f"evidence-{n}-locator": f"p. {n + 1}"}
    return sent
