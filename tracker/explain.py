"""Why a promise has the status it has, in sentences with the numbers in them."""

import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.labels import MISSING, SAYS, bounded, number
from tracker.models import Rule
from tracker.snapshot.results import as_decimal
from tracker.text import plain_number


def _day(day):
    return date_format(day, "j F Y")


def _value(value, unit):
    if value is None:
        return ""
    amount = bounded(as_decimal(value.value), value.bound)
    return _("%(amount)s %(unit)s (%(period)s)") % {"amount": amount, "unit": unit, "period": _period(value)}


def _period(value):
    if value.starts_on:
        return _("%(first)s to %(last)s") % {"first": _day(value.starts_on), "last": _day(value.as_of)}
    return _day(value.as_of)


# What decided, by the method's reason; what takes more than a sentence is worded by a function below.
REASONS = {
    "met": gettext_lazy("The last value at or before the deadline, %(value)s, meets the target."),
    "reached": gettext_lazy("The last value at or before the deadline, %(value)s, meets the target."),
    "met_late": gettext_lazy("It was not met at the deadline, and was met later: %(value)s."),
    "lost": gettext_lazy("It was met before, and the final value, %(value)s, no longer meets it."),
    "not_met": gettext_lazy("The final value, %(value)s, does not meet the target."),
    "no_final_value": gettext_lazy(
        "The last value on record, %(value)s, does not meet the target yet, and no final one is known."
    ),
    "direction": gettext_lazy(
        "From %(baseline)s to %(value)s. The text does not say how far, so this is never counted as kept."
    ),
    "stage_reached": gettext_lazy("The promised stage “%(rung)s” was reached on %(date)s."),
    "stage_late": gettext_lazy("The promised stage “%(rung)s” was reached on %(date)s."),
    "lost_stage": gettext_lazy("The promised stage “%(rung)s” was reached and lost again before the deadline."),
    "stage_not_reached": gettext_lazy(
        "The promised stage “%(rung)s” was not reached: it was looked for after the deadline."
    ),
    "stage_last_known": gettext_lazy("The last stage on record is “%(stands)s”; the promised one is “%(rung)s”."),
    "stage_under_way": gettext_lazy("The last stage on record is “%(stands)s”; the promised one is “%(rung)s”."),
    "judged": gettext_lazy("Judged against the written test, on what was known on %(date)s."),
    "no_breach_found": gettext_lazy("An independent body examined it and reported no breach."),
    "pace": gettext_lazy("The last value is %(value)s; its pace is compared with a straight line to the target."),
}


def explain(commitment, assessed):
    """Sentences that say how the method came to the status of a commitment."""
    sentences = [*_target_level(commitment, assessed), *_by_reason(commitment, assessed)]
    if assessed.value is not None and assessed.value.bound not in ("", "exact"):
        sentences.append(_bound(assessed.value))
    if commitment.missing == "not_published_yet" and assessed.until:
        sentences.append(
            _("The figure normally appears later; if none has by %(day)s, it counts as missing.")
            % {"day": _day(assessed.until)}
        )
    return sentences


def _target_level(commitment, assessed):
    """What the target of a change comes to, where the baseline is known."""
    if commitment.rule == Rule.CHANGE and assessed.baseline is not None and assessed.target_level is not None:
        yield _("Target level: %(percent)s percent on %(baseline)s gives %(level)s %(unit)s.") % {
            "percent": number(commitment.target_value),
            "baseline": _value(assessed.baseline, commitment.unit),
            "level": number(as_decimal(assessed.target_level)),
            "unit": commitment.unit,
        }


def _by_reason(commitment, assessed):
    facts = {name: _value(getattr(assessed, name), commitment.unit) for name in ("value", "baseline")} | assessed.facts
    if facts.get("date"):
        facts["date"] = _day(facts["date"])
    if assessed.reason in REASONS:
        yield REASONS[assessed.reason] % facts
        if assessed.reason == "stage_late":
            yield _("The deadline was %(deadline)s.") % {"deadline": _day(commitment.deadline)}
    elif assessed.reason in ("met_total", "not_met_total", "part_of_total", "under_way"):
        yield _("On record for the plan's period: %(value)s.") % facts
        if not facts["complete"]:
            yield _("Parts of the period have no figure, so the sum is a lower bound.")
    elif assessed.reason in ("held", "not_held", "held_on_record", "held_so_far"):
        yield _held(assessed.reason, facts)
    elif assessed.reason == "contested":
        yield from _contested(facts)
    else:
        yield _("%(kind)s.") % {"kind": str(MISSING.get(assessed.missing, SAYS[""])).capitalize()}


def _held(reason, facts):
    years = facts["years"]
    facts = {**facts, "n": len(facts["held"]), "of": len(years)}
    facts["failed"] = ", ".join(map(str, facts["failed"]))
    if reason == "not_held":
        return _("Held in %(n)s of %(of)s years; not held in %(failed)s.") % facts
    if reason == "held":
        return _("Held in all %(of)s years.") % facts
    return _("Held in the %(n)s of %(of)s years on record; the others have no figure.") % facts


def _contested(facts):
    yield _("Staff of this site do not judge a standing duty. In the plan's period it was found not to be kept by:")
    if facts["un"]:
        yield ngettext("%(n)s finding of a UN body", "%(n)s findings of UN bodies", facts["un"]) % {"n": facts["un"]}
    if facts["independent"]:
        yield ngettext(
            "%(n)s finding of another independent body",
            "%(n)s findings of other independent bodies",
            facts["independent"],
        ) % {"n": facts["independent"]}


def _bound(value):
    """What the published number leaves open."""
    amount = bounded(as_decimal(value.value), value.bound)
    if value.bound == "about":
        return _("The last published number is “%(amount)s”: it is read as within 5 percent of that.") % {
            "amount": amount
        }
    if value.bound in ("at_least", "more_than"):
        return _("The last published number is “%(amount)s”: the true one may be higher.") % {"amount": amount}
    return _("The last published number is “%(amount)s”: the true one may be lower.") % {"amount": amount}


def arithmetic(commitment, assessed, plan, on):
    """What was reckoned, line by line: what it is, the formula with its numbers, and the result.

    Pace is shown up to the deadline; after it, only where things stood counts.
    """
    lines = []
    if assessed.value is None or assessed.target_level is None:
        return lines
    unit = commitment.unit
    x, t = as_decimal(assessed.value.value), as_decimal(assessed.target_level)
    if assessed.gap is not None:
        formula = f"{number(t)} − {number(x)}"
        apart = _("percentage points") if unit == "percent" else unit
        lines.append((_("Target less value"), formula, f"{number(as_decimal(assessed.gap))} {apart}"))
    if assessed.baseline is None or assessed.distance is None:
        return lines
    b, d = as_decimal(assessed.baseline.value), as_decimal(assessed.distance)
    formula = f"({number(x)} − {number(b)}) ÷ ({number(t)} − {number(b)})"
    lines.append((_("Distance covered, from baseline to target"), formula, _rounded(d)))
    if assessed.pace is None or on > commitment.deadline:
        return lines
    base = commitment.base_date or plan.starts_on - datetime.timedelta(days=1)
    gone, whole = (assessed.value.as_of - base).days, (commitment.deadline - base).days
    days = ngettext("%(n)s day", "%(n)s days", whole) % {"n": number(whole)}
    lines.append((_("Time gone at the value's date"), f"{number(gone)} ÷ {days}", _rounded(gone / whole)))
    formula = f"{_rounded(d)} ÷ {_rounded(gone / whole)}"
    cut_offs = _("on track from 0.95, behind from 0.60, far behind from 0")
    lines.append((_("Pace"), formula, f"{_rounded(as_decimal(assessed.pace))} ({cut_offs})"))
    projected = f"{_rounded(as_decimal(assessed.projected))} {unit}"
    lines.append((_("The same pace gives at the deadline"), "", projected))
    return lines


def _rounded(value):
    return number(plain_number(round(Decimal(str(value)), 2)))
