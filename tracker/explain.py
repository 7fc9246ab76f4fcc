"""Why a promise has the status it has, in sentences with the numbers in them."""

import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.labels import COMPARATOR_WORDS, MISSING, SAYS, bounded, number
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


def explain(commitment, assessed):
    """Sentences that say how the method came to the status of a commitment."""
    facts = {"unit": commitment.unit, "deadline": _day(commitment.deadline)}
    sentences = list(_by_reason(commitment, assessed, facts))
    if assessed.value is not None and assessed.value.bound not in ("", "exact"):
        sentences.append(_bound(assessed.value))
    if commitment.missing == "not_published_yet" and assessed.until:
        sentences.append(
            _("The figure normally appears later; if none has by %(day)s, it counts as missing.")
            % {"day": _day(assessed.until)}
        )
    return sentences


def _by_reason(commitment, assessed, facts):
    reason, unit = assessed.reason, commitment.unit
    facts |= {"value": _value(assessed.value, unit), "baseline": _value(assessed.baseline, unit)}
    if assessed.target_level is not None:
        facts["level"] = number(as_decimal(assessed.target_level))
        facts["comparator"] = COMPARATOR_WORDS.get(commitment.comparator, "")
    facts |= assessed.facts
    if commitment.rule == "change" and assessed.baseline is not None and assessed.target_level is not None:
        yield _("Target level: %(percent)s percent on %(baseline)s gives %(level)s %(unit)s.") % {
            **facts,
            "percent": number(commitment.target_value),
        }
    if reason in ("met", "reached"):
        yield _("The last value at or before the deadline, %(value)s, meets the target.") % facts
    elif reason == "met_late":
        yield _("It was not met at the deadline, and was met later: %(value)s.") % facts
    elif reason == "lost":
        yield _("It was met before, and the final value, %(value)s, no longer meets it.") % facts
    elif reason == "not_met":
        yield _("The final value, %(value)s, does not meet the target.") % facts
    elif reason == "no_final_value":
        yield _("The last value on record, %(value)s, does not meet the target yet, and no final one is known.") % facts
    elif reason in ("met_total", "not_met_total", "part_of_total", "under_way"):
        yield from _total(reason, facts)
    elif reason in ("held", "not_held", "held_on_record", "held_so_far"):
        yield from _held(reason, facts)
    elif reason == "direction":
        yield (
            _("From %(baseline)s to %(value)s. The text does not say how far, so this is never counted as kept.")
            % facts
        )
    elif reason in ("stage_reached", "stage_late"):
        yield _("The promised stage “%(rung)s” was reached on %(date)s.") % {**facts, "date": _day(facts["date"])}
        if reason == "stage_late":
            yield _("The deadline was %(deadline)s.") % facts
    elif reason == "lost_stage":
        yield _("The promised stage “%(rung)s” was reached and lost again before the deadline.") % facts
    elif reason == "stage_not_reached":
        yield _("The promised stage “%(rung)s” was not reached: it was looked for after the deadline.") % facts
    elif reason in ("stage_last_known", "stage_under_way"):
        yield _("The last stage on record is “%(stands)s”; the promised one is “%(rung)s”.") % facts
    elif reason == "judged":
        yield _("Judged against the written test, on what was known on %(date)s.") % {
            **facts,
            "date": _day(facts["date"]),
        }
    elif reason == "contested":
        yield from _contested(facts)
    elif reason == "no_breach_found":
        yield _("An independent body examined it and reported no breach.")
    elif reason == "pace":
        yield _("The last value is %(value)s; its pace is compared with a straight line to the target.") % facts
    else:
        yield _("%(kind)s.") % {"kind": str(MISSING.get(assessed.missing, SAYS[""])).capitalize()}


def _total(reason, facts):
    yield _("On record for the plan's period: %(value)s.") % facts
    if not facts["complete"]:
        yield _("Parts of the period have no figure, so the sum is a lower bound.")


def _held(reason, facts):
    years = facts["years"]
    facts = {**facts, "n": len(facts["held"]), "of": len(years)}
    facts["failed"] = ", ".join(map(str, facts["failed"]))
    if reason == "not_held":
        yield _("Held in %(n)s of %(of)s years; not held in %(failed)s.") % facts
    elif reason == "held":
        yield _("Held in all %(of)s years.") % facts
    else:
        yield _("Held in the %(n)s of %(of)s years on record; the others have no figure.") % facts


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
