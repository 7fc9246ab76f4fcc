"""Stored values in words: labels, signs, numbers by the locale, targets as a phrase."""

import re
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tracker import models
from tracker.models import Comparator, Rule
from tracker.text.plain import plain_number

STATUSES = {
    "met": gettext_lazy("met"),
    "met_late": gettext_lazy("met late"),
    "lost": gettext_lazy("met and lost again"),
    "not_met": gettext_lazy("not met"),
    "held": gettext_lazy("held"),
    "not_held": gettext_lazy("not held"),
    "moved": gettext_lazy("moved as promised"),
    "unchanged": gettext_lazy("unchanged"),
    "moved_away": gettext_lazy("moved the other way"),
    "done": gettext_lazy("done"),
    "in_part": gettext_lazy("done in part"),
    "not_done": gettext_lazy("not done"),
    "contested": gettext_lazy("contested"),
    "ahead": gettext_lazy("ahead at the last figure"),
    "short": gettext_lazy("short at the last figure"),
    "no_breach_found": gettext_lazy("no breach found"),
    "reached": gettext_lazy("reached"),
    "on_track": gettext_lazy("on track"),
    "behind": gettext_lazy("behind"),
    "far_behind": gettext_lazy("far behind"),
    "moving_away": gettext_lazy("moving away"),
    "under_way": gettext_lazy("under way"),
    "not_started": gettext_lazy("not started"),
    "not_known": gettext_lazy("not known"),
}
GROUPS = {
    "kept": gettext_lazy("Kept"),
    "in_part": gettext_lazy("In part"),
    "not_kept": gettext_lazy("Not kept"),
    "contested": gettext_lazy("Contested"),
    "interim": gettext_lazy("Not final"),
    "direction": gettext_lazy("Direction only"),
    "running": gettext_lazy("Running"),
    "not_known": gettext_lazy("Not known"),
}
# Colour is never the only carrier: each group has its sign, in squares, tables and charts alike.
GROUP_SIGNS = dict(zip(GROUPS, "✓◐✕!~↗…?", strict=True))
DIRECTION_SIGNS = {"moved": "↗", "unchanged": "→", "moved_away": "↙"}
MISSING = {
    "nobody_looked": gettext_lazy("not researched here yet"),
    "nothing_found": gettext_lazy("looked, nothing found"),
    "no_statistic": gettext_lazy("no statistic"),
    "not_published_yet": gettext_lazy("not published yet"),
    "no_late_figure": gettext_lazy("no late figure"),
    "not_published_by_state": gettext_lazy("not published by the State"),
    "held_on_record": gettext_lazy("held in the years on record"),
    "bound_only": gettext_lazy("only a bound is known"),
    "sources_disagree": gettext_lazy("sources disagree"),
    "accounts_differ": gettext_lazy("accounts differ"),
    "no_baseline": gettext_lazy("no baseline"),
    "claimed_only": gettext_lazy("claimed only"),
    "not_decided": gettext_lazy("evidence found, does not answer the test"),
}
FLAGS = {
    "met_at_baseline": gettext_lazy("already met at the baseline"),
    "kept_before_promise": gettext_lazy("kept before it was promised"),
    "near_measure": gettext_lazy("near measure"),
    "approximate_target": gettext_lazy("approximate target"),
    "no_final_value": gettext_lazy("no final value"),
    "sources_differ": gettext_lazy("sources differ"),
    "one_origin": gettext_lazy("rests on one origin"),
    "no_address": gettext_lazy("no confirmed web address"),
    "year_not_stated": gettext_lazy("year not stated by the source"),
    "harm_found": gettext_lazy("fulfilment found harmful to the right"),
}
SQUARE_MARKS = ("kept_before_promise", "harm_found")  # flags that a square of the mosaic shows, each in its own way
SAYS = {
    "kept": gettext_lazy("kept"),
    "partly": gettext_lazy("partly kept"),
    "not_kept": gettext_lazy("not kept"),
    "qualifies": gettext_lazy("qualified"),
    "notes": gettext_lazy("noted, without a verdict"),
    "mixed": gettext_lazy("different things"),
    "": gettext_lazy("nothing on record"),
}
SAYS_SIGNS = {"kept": "✓", "partly": "◐", "not_kept": "✕", "qualifies": "≈", "notes": "·", "mixed": "≠", "": ""}
# What stands side by side of a promise, and is never merged.
ACCOUNTS = {
    "site": gettext_lazy("This site finds"),
    "official": gettext_lazy("The State says"),
    "un": gettext_lazy("UN bodies find"),
    "independent": gettext_lazy("Others find"),
}
BASES = {
    "computed": gettext_lazy("computed"),
    "judged": gettext_lazy("judged against the written test"),
    "reported": gettext_lazy("as others found"),
    "none": "",
}

# The words of every closed list by its name; of those that models have, that of the class: deadline_basis.
CHOICES = (
    *(models.Kind, models.Level, models.Rule, models.DeadlineBasis, models.BodyKind, models.Side, models.Nature),
    *(models.Form, models.Bound, models.Fits, models.How, models.What, models.Reread, models.Reach, models.Period),
    *(models.Verdict, models.BaselineForm, models.InstrumentKind, models.Participation, models.Mechanism, models.Reply),
)
LABELS: dict[str, dict[str, Any]] = {
    re.sub(r"(?<=[a-z])(?=[A-Z])", "_", each.__name__).lower(): dict(each.choices) for each in CHOICES
}
LABELS |= {"status": STATUSES, "group": GROUPS, "missing": MISSING, "flag": FLAGS}
LABELS["reply"] |= {"none": gettext_lazy("no reply on record")}
LABELS |= {"says": SAYS, "basis": BASES, "account": ACCOUNTS, "differs": models.DIFFERS}
# One sign for each kind, set in the squares of the mosaic: colour is never the only carrier.
KIND_SIGNS = dict(zip(models.Kind.values, "#§⌂»◇¶→", strict=True))
# Units, which are data in English, whose singular is not the word without its last letter.
ONE_OF = {"people": "person", "bases": "base", "species": "species", "series": "series", "percent": "percent"}
COMPARATOR_WORDS = dict(Comparator.choices)
LEAST = 0.012  # of a bar: what can be seen of its shortest part


def in_each_language(make):
    """Keep what a function says of a value, for each language: words, dates and numbers stand on pages by the hundred.

    A sentence costs some 15 µs to look up, a date 50. The values are texts, days or numbers that a dictionary holds.
    """
    known = lru_cache(maxsize=20_000, typed=True)(lambda _language, *values: make(*values))
    return wraps(make)(lambda *values: known(get_language(), *values))


@in_each_language
def words_for(value, name):
    """The words for a stored value of a list; the value itself where the list does not have it."""
    words = LABELS[name].get(value, value)
    return words if words is value else str(words)


def day_in_words(day, form="j F Y"):
    """A day as a format of Django's has it; of a moment its day."""
    return _day_in_words(day.date() if isinstance(day, datetime) else day, form)


@in_each_language
def _day_in_words(day, form):
    return formats.date_format(day, form)


def number(value):
    """A number by the locale, with as many decimals as it has; nothing for ``None``."""
    return "" if value is None else _number(str(value))


@in_each_language
def _number(value):
    return formats.number_format(plain_number(value), use_l10n=True, force_grouping=True).replace("-", "−")


def unit_of(value, unit):
    """A unit behind a number: of one, its first word is not a plural (“1 hour per day”, “1 person”)."""
    if abs(value) != 1:
        return unit
    first, *words = unit.split(" ")
    return " ".join([ONE_OF.get(first) or re.sub(r"(?<=[^s])s$", "", re.sub(r"ies$", "y", first)), *words])


def named(body):
    """The name of a body beside what it says: a foreign State, and what one funds, is named as such."""
    if body.kind != "foreign_government":
        return body.name
    return _("%(name)s (%(kind)s)") % {"name": body.name, "kind": LABELS["body_kind"][body.kind]}


def target(commitment):
    """What is to be reached, in a few words: “at least 88 percent”."""
    rule = commitment.rule
    if rule == Rule.MILESTONE:
        return _("stage “%(rung)s”") % {"rung": commitment.target_rung}
    if rule == Rule.DIRECTION:
        return _("a rise") if commitment.comparator == Comparator.MORE_THAN else _("a fall")
    if rule == Rule.UPHOLD:
        return _("upheld throughout")
    if rule == Rule.JUDGE:
        return _("judged against the test")
    return _number_target(commitment)


def target_from(record):
    """The target as it stands beside a figure: of a change with what it is counted from, so that no level is read as
    the change (“a fall of at least 20 percent on 2015, from 18.5 percent”).
    """
    if record.rule != Rule.CHANGE or record.baseline_value is None:
        return target(record)
    start = {"number": number(record.baseline_value), "unit": unit_of(record.baseline_value, record.unit)}
    return _("%(target)s, from %(number)s %(unit)s") % {"target": target(record), **start}


def _number_target(commitment):
    words = {
        "comparator": COMPARATOR_WORDS[commitment.comparator],
        "value": number(abs(commitment.target_value)),
        "unit": unit_of(commitment.target_value, commitment.unit),
    }
    if commitment.rule == Rule.CHANGE:
        # A fall of at most −20 percent is a fall of at least 20: the comparator turns with the sign.
        turned = {"≤": "≥", "<": ">", "≥": "≤", ">": "<", "≈": "≈"}
        falls = commitment.target_value < 0
        words["comparator"] = COMPARATOR_WORDS[turned[commitment.comparator] if falls else commitment.comparator]
        words["year"] = commitment.base_date.year
        if falls:
            return _("a fall of %(comparator)s %(value)s percent on %(year)s") % words
        return _("a rise of %(comparator)s %(value)s percent on %(year)s") % words
    if commitment.rule == Rule.HOLD:
        return _("%(comparator)s %(value)s %(unit)s, every year") % words
    if commitment.rule == Rule.TOTAL:
        return _("%(comparator)s %(value)s %(unit)s over the whole plan") % words
    return _("%(comparator)s %(value)s %(unit)s") % words


def status_sign(record):
    """The sign of what became of a promise."""
    return DIRECTION_SIGNS.get(record.status) or GROUP_SIGNS[record.group]


def status(record):
    """What became of a promise in words, a kind of not known included."""
    return _status(record.status, record.missing)


@in_each_language
def _status(code, missing):
    words = str(STATUSES[code])
    return _("%(status)s: %(kind)s") % {"status": words, "kind": MISSING[missing]} if missing else words


def verdict(record):
    """What became of a promise in a title: its group, and its status where that says more (“Kept, met late”)."""
    return _verdict(record.group, record.status, record.missing)


@in_each_language
def _verdict(group_code, status_code, missing):
    group, words = str(GROUPS[group_code]), str(MISSING.get(missing) or STATUSES[status_code])
    if group.lower() in words.lower():
        return capfirst(words)
    return _("%(group)s, %(status)s") % {"group": group, "status": words}


def bounded(value, bound):
    """A number with what its bound says: “more than 60”."""
    if bound in ("", "exact"):
        return number(value)
    return _("%(bound)s %(number)s") % {"bound": LABELS["bound"][bound], "number": number(value)}


def measured(value, bound, unit):
    """A number with what its bound says, and its unit: “more than 60 percent”."""
    return f"{bounded(value, bound)} {unit_of(value, unit)}".rstrip()


def dated_in_words(day, precision, month="F"):
    """A date as exactly as it is known: no day is named that nobody published. Nothing for ``None``."""
    return day_in_words(day, {"month": f"{month} Y", "year": "Y"}.get(precision, f"j {month} Y")) if day else ""


def period(value, month="F"):
    """The time that a value speaks of, as exactly as it is known: a day, a year, or from one to another."""
    last, first = (dated_in_words(each, value.precision, month) for each in (value.as_of, value.starts_on))
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and first != last else last


def percent(n, of):
    """A share as a whole percentage; below half a percent it says so, and above it never says all of what is not."""
    if not of:
        return number(0)
    share = round(100 * n / of)
    if n and not share:
        return _("under 1")
    return number(min(share, 99) if n < of else 100)


def groups_in_words(n):
    """How many are in each group, of those that occur: “5 kept, 1 in part, 8 not known”; nothing for none.

    ``n`` has the numbers by group.
    """
    return ", ".join(f"{number(n[each])} {str(words).lower()}" for each, words in GROUPS.items() if n.get(each))


def bar(n, least=LEAST):
    """Numbers by group as the parts of one bar, in their order: group, where its part begins, how long it is.

    Both are in hundredths of the bar. A part is as long as its share of all, but never shorter than can be seen.
    """
    total, start, parts = sum(n.values()), 0.0, []
    shares = {group: max(each / total, least) for group, each in n.items() if each}
    for group, share in shares.items():
        width = 100 * share / sum(shares.values())
        parts.append((group, start, width))
        start += width
    return parts
