"""The kinds of record that staff write: what each is for, and which of them a promise needs."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.models import Rule, Shape, What

from .drafts import FOLDED, UPDATE_FIELDS

FINDING = "finding"
KINDS_IN_WORDS = {
    What.VALUE: (_("a value"), _("a number that somebody published")),
    What.RUNG: (_("a stage reached"), _("a law adopted, a report submitted, a body set up")),
    What.JUDGEMENT: (
        _("a judgement against the test"),
        _("this site's own, where the promise has neither number nor stages"),
    ),
    FINDING: (_("somebody else's finding"), _("what the State, a UN body or others say became of it")),
    What.SEARCH: (_("a search in vain"), _("you looked, and nothing is there: say where")),
}


def needed_by(commitment):
    """The kinds of record that a promise takes, the one that it needs first."""
    if commitment.metric_id:
        first = What.VALUE if commitment.metric.shape == Shape.NUMBER else What.RUNG
    elif commitment.rule == Rule.JUDGE:
        first = What.JUDGEMENT
    else:
        first = FINDING if commitment.rule == Rule.UPHOLD else What.SEARCH
    return [first, *(each for each in (FINDING, What.SEARCH) if each != first)]


def kinds_of(commitment=None, metric=None):
    """Each kind that can be recorded of a promise or a metric, or at all: its address, its name, what it is for."""
    names, about = list(KINDS_IN_WORDS), {}
    if commitment is not None:
        names, about = needed_by(commitment), {"commitment": f"{commitment.plan.code}/{commitment.code}"}
    elif metric is not None:
        names, about = [What.VALUE if metric.shape == Shape.NUMBER else What.RUNG], {"metric": metric.code}
    return [
        {
            "address": _address(name, about),
            "words": KINDS_IN_WORDS[name][0],
            "help": KINDS_IN_WORDS[name][1],
            "suggested": bool(about) and name == names[0],
        }
        for name in names
    ]


def _address(name, about):
    if name == FINDING:
        return reverse("admin:tracker_assessment_add", query=about or None)
    return reverse("admin:tracker_update_add", query={"what": name, **about})


def folded(form):
    """What the fields that are folded away say as they are set, in words, and whether one of them is to be mended."""
    names = [n for group in UPDATE_FIELDS[What.VALUE] if FOLDED in group[2:] for row in group[1] for n in _names(row)]
    values = [(form.fields[name], form[name].value()) for name in names if name in form.fields]
    words = [str(dict(f.choices).get(value, value)) if hasattr(f, "choices") else value for f, value in values]
    shown = ["; ".join(str(word) for word in words if word not in (None, "", False, True))]
    return {"words": shown[0], "open": any(name in form.errors for name in names)}


def _names(row):
    return row if isinstance(row, tuple) else (row,)
