"""Why a promise has the status it has, in sentences with the numbers in them."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.models import Rule
from tracker.snapshot.results import as_decimal
from tracker.text.plain import plain_number
from tracker.wording.labels import bounded, dated_in_words, measured, number, period


def value_in_words(value, unit, who=""):
    """A number with its bound, its unit, the time that it speaks of and whose it is; nothing for ``None``."""
    if value is None:
        return ""
    amount = measured(as_decimal(value.value), value.bound, unit)
    when = _("%(period)s; %(who)s") % {"period": period(value), "who": who} if who else period(value)
    return _("%(amount)s (%(period)s)") % {"amount": amount, "period": when}


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
    "interim": gettext_lazy(
        "No figure of the deadline itself is on record. How things stood by the last one before it: %(value)s."
    ),
    "no_late_figure": gettext_lazy(
        "The last figure on record, %(last)s, is from too long before the deadline to say how it ended."
    ),
    "unlike_period": gettext_lazy(
        "What is on record speaks of other periods than the metric's own, and unlike periods are never compared."
    ),
    "direction": gettext_lazy(
        "From %(baseline)s to %(value)s. The text does not say how far, so this is never counted as kept."
    ),
    "stage_reached": gettext_lazy("The promised stage “%(rung)s” was reached: %(date)s."),
    "stage_late": gettext_lazy("The promised stage “%(rung)s” was reached: %(date)s."),
    "stage_in_time_or_late": gettext_lazy(
        "The promised stage “%(rung)s” was reached (%(date)s); whether by the deadline, no source on record says."
    ),
    "stage_before_plan": gettext_lazy(
        "The stage “%(rung)s” was reached before the plan began (%(date)s); no later record says that it still stood."
    ),
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
# What is known of why nothing is, where the method gives no closer reason.
WHY_NOT_KNOWN = {
    "nobody_looked": gettext_lazy("This site has not researched it yet."),
    "nothing_found": gettext_lazy(
        "It was looked for, and nothing was found that answers the test. The search was too narrow to say “not met”."
    ),
    "no_statistic": gettext_lazy("No statistic is known that could show it."),
    "not_published_yet": gettext_lazy("The final figure is not to be expected yet."),
    "not_published_by_state": gettext_lazy("A source shows that the State does not publish what would answer it."),
    "bound_only": gettext_lazy("What is published leaves both answers open."),
    "sources_disagree": gettext_lazy("Figures of the same period give different answers."),
    "accounts_differ": gettext_lazy("Accounts of it differ, and nothing on record decides between them."),
    "no_baseline": gettext_lazy("Where things stood at the base date is not on record, so no change can be computed."),
    "claimed_only": gettext_lazy(
        "Of the plan's period the State alone speaks, and nothing on record shows whether it is as it says."
    ),
    "not_decided": gettext_lazy("Evidence is on record, and none of it answers the test."),
}


def explain(commitment, assessed):
    """Sentences that say how the method came to the status of a commitment."""
    sentences = []
    if commitment.rule == Rule.CHANGE and assessed.baseline is not None and assessed.target_level is not None:
        sentence = _("Target level: %(percent)s percent on %(baseline)s gives %(level)s %(unit)s.")
        level = {"level": number(as_decimal(assessed.target_level)), "unit": commitment.unit}
        level |= {
            "percent": number(commitment.target_value),
            "baseline": value_in_words(assessed.baseline, commitment.unit),
        }
        sentences.append(sentence % level)
    sentences += by_reason(commitment, assessed)
    if assessed.value is not None and assessed.value.bound not in ("", "exact"):
        sentences.append(_bound(assessed.value))
    if commitment.missing == "not_published_yet" and assessed.until:
        sentence = _("The figure normally appears later; if none has by %(day)s, it counts as missing.")
        sentences.append(sentence % {"day": dated_in_words(assessed.until, "day")})
    return sentences


def by_reason(commitment, assessed, whose=None):
    """What decided, in sentences; with whose figure or act it is, where ``whose`` names that by log entry."""
    whose, unit = whose or {}, commitment.unit
    facts = {
        name: value_in_words(value, unit, whose.get(value.entry, "") if value else "")
        for name, value in (("value", assessed.value), ("baseline", assessed.baseline))
    } | assessed.facts
    facts["last"] = facts["value"] or facts["baseline"]
    if facts.get("date"):
        facts["date"] = dated_in_words(facts["date"], facts.get("precision"))
        if who := next((whose[entry] for entry in assessed.inputs if whose.get(entry)), ""):
            facts["date"] = _("%(period)s, %(who)s") % {"period": facts["date"], "who": who}
    if assessed.reason in REASONS:
        yield REASONS[assessed.reason] % facts
        if assessed.reason == "stage_late":
            yield _("The deadline was %(deadline)s.") % {"deadline": dated_in_words(commitment.deadline, "day")}
    elif assessed.reason in ("met_total", "not_met_total", "part_of_total", "under_way"):
        yield _("On record for the plan's period: %(value)s.") % facts
        if not facts["complete"]:
            yield _("Parts of the period have no figure, so the sum is a lower bound.")
    elif assessed.reason in ("held", "not_held", "held_on_record", "held_so_far"):
        yield _held(assessed.reason, facts)
    elif assessed.reason == "contested":
        yield from _contested(facts)
    else:
        yield WHY_NOT_KNOWN[assessed.missing]


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
    findings = []
    if facts["un"]:
        findings.append(
            ngettext("%(n)s finding of a UN body", "%(n)s findings of UN bodies", facts["un"]) % {"n": facts["un"]}
        )
    if facts["independent"]:
        words = ngettext(
            "%(n)s finding of another independent body",
            "%(n)s findings of other independent bodies",
            facts["independent"],
        )
        findings.append(words % {"n": facts["independent"]})
    yield _("On record against it in the plan's period: %(findings)s.") % {"findings": _(" and ").join(findings)}
    yield _("Staff of this site do not judge a standing duty.")


def _bound(value):
    """What the published number leaves open."""
    if value.bound == "about":
        sentence = _("The last published number is “%(amount)s”: it is read as within 5 percent of that.")
    elif value.bound in ("at_least", "more_than"):
        sentence = _("The last published number is “%(amount)s”: the true one may be higher.")
    else:
        sentence = _("The last published number is “%(amount)s”: the true one may be lower.")
    return sentence % {"amount": bounded(as_decimal(value.value), value.bound)}


def arithmetic(commitment, assessed, on):
    """What was reckoned, line by line: what it is, the formula with its numbers, and the result.

    Pace is shown up to the deadline; after it, only where things stood counts.
    """
    lines = []
    if assessed.value is None or assessed.target_level is None:
        return lines
    unit = commitment.unit
    x, t = as_decimal(assessed.value.value), as_decimal(assessed.target_level)
    if assessed.gap is not None:
        formula = f"{number(t)} − {_in_brackets(x)}"
        apart = _("percentage points") if unit == "percent" else unit
        lines.append((_("Target less value"), formula, f"{number(as_decimal(assessed.gap))} {apart}"))
    if assessed.baseline is None or assessed.distance is None:
        return lines
    b, d = as_decimal(assessed.baseline.value), as_decimal(assessed.distance)
    formula = f"({number(x)} − {_in_brackets(b)}) ÷ ({number(t)} − {_in_brackets(b)})"
    lines.append((_("Distance covered, from baseline to target"), formula, _rounded(d)))
    if assessed.pace is None or on > commitment.deadline:
        return lines
    base = assessed.baseline.as_of  # time runs from the baseline's own date, as distance does
    gone, whole = (assessed.value.as_of - base).days, (commitment.deadline - base).days
    days = ngettext("%(n)s day", "%(n)s days", whole) % {"n": number(whole)}
    lines.append((_("Time gone at the value's date"), f"{number(gone)} ÷ {days}", _rounded(gone / whole)))
    formula = f"{_rounded(d)} ÷ {_rounded(gone / whole)}"
    cut_offs = _("on track from 0.95, behind from 0.60, far behind from 0")
    lines.append((_("Pace"), formula, f"{_rounded(as_decimal(assessed.pace))} ({cut_offs})"))
    projected = f"{_rounded(as_decimal(assessed.projected))} {unit}"
    lines.append((_("The same pace gives at the deadline"), "", projected))
    return lines


def _in_brackets(value):
    """A number behind a minus sign: 5 − (−2.5)."""
    return f"({number(value)})" if value < 0 else number(value)


def _rounded(value):
    return number(plain_number(round(Decimal(str(value)), 2)))
