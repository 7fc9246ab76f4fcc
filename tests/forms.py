"""What a browser sends of the forms for recording and reviewing."""

from tracker.models import Metric

from .drafts import PIPED, body, source


def decision(row, **sent):
    """What the review form sends of a row that has not changed since it was shown."""
    return {"seen_version": type(row).objects.get(pk=row.pk).version} | sent


def value_form(number="81.5", **fields):
    """What the form of a value sends."""
    sent = {
        "metric": Metric.objects.get(code=PIPED).pk,
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
