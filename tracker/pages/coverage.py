"""The plan paragraph by paragraph: what each promises, what it names, and what is weak about it as it was made.

Nothing here says whether a promise was kept. Remarks and marks are counted apart and never added up.
"""

from collections import Counter, namedtuple
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from tracker.models import NUMBER_RULES, DeadlineBasis, Fits, Kind, Rule
from tracker.standalone.assess import interval
from tracker.wording import labels

from .counts import Count, tally
from .evidence import passages

FROM_THE_START = (Rule.REACH, Rule.CHANGE, Rule.DIRECTION)  # rules that speak of a way from where things stood
OBJECTS = (Kind.LAW, Kind.INSTITUTION, Kind.PROGRAMME, Kind.REPORTING)


# A remark or mark with what it means, for the pages that show it.
Word = namedtuple("Word", ("label", "meaning"))
REMARKS = {
    "met_at_baseline": Word(
        _("target already met at the baseline"),
        _(
            "The last figure before the period, or before the base year that the text names, already meets the target: "
            "the promise could be kept by letting nothing change."
        ),
    ),
    "kept_before_promise": Word(
        _("kept before it was promised"),
        _("What is promised was reached before the plan came out: the figure, or the stage."),
    ),
    "against_numbers": Word(
        _("target behind the starting point"),
        _(
            "The direction contradicts the numbers: a level to be reached from below lies under the baseline, or one "
            "to be reached from above lies over it. The promise leaves room for a move the other way."
        ),
    ),
    "no_baseline": Word(
        _("no baseline"),
        _(
            "The promise speaks of a level to be reached, a change or a direction, and no figure on record here says "
            "where things stood when it was made: how much it promises cannot be seen."
        ),
    ),
    "no_statistic": Word(
        _("no statistic able to measure it"),
        _("A number would answer the promise, and the registry knows of no body that publishes one which could."),
    ),
    "no_figure": Word(
        _("no usable figure on record"),
        _(
            "A number would answer the promise, and none of its statistic, place and group is on record here. That is "
            "a limit of the record, and does not say that none is published."
        ),
    ),
    "near_measure": Word(
        _("near measure only"),
        _("Figures are on record, and all of them are of a statistic close to the one that would answer the promise."),
    ),
    "two_readings": Word(
        _("two readings"),
        _("The text allows a second reading, which stands on the promise's page with what it would give."),
    ),
    "carried_from": Word(
        _("promised by an earlier plan already"),
        _(
            "A source on record shows that an earlier plan made the same promise, which its page names. Where the "
            "remark is missing, earlier plans were not compared; it does not say that the promise is new."
        ),
    ),
}
MARKS = {
    "who": Word(
        _("who"),
        _("The text of the promise names a body. One that only receives a report or takes part counts as well."),
    ),
    "what": Word(
        _("what"),
        _(
            "The promise is of a law or document, a body or facility, a programme or service, or a report, or of "
            "something counted in a unit. A general aim without a unit and a standing duty have no such object."
        ),
    ),
    "how_much": Word(_("how much"), _("A figure is to be reached or kept, or a stage that can be told from the next.")),
    "by_when": Word(
        _("by when"),
        _(
            "The text gives the promise a date of its own, or it is a duty owed at all times. For every other promise "
            "the end of the plan's period stands in."
        ),
    ),
    "measured": Word(
        _("measured by what"),
        _(
            "The registry knows what would show it and who publishes that: a statistic, or for a stage the document or "
            "event. A promise that is judged against its test, and a standing duty, have no measure."
        ),
    ),
}


def remarks_of(commitment, assessed, updates, plan, metric, on):
    """The remarks that a promise draws, in the order of ``REMARKS``.

    ``updates`` are its live updates, ``metric`` its metric or ``None``; ``on`` is the day as of which it is asked.
    """
    holds = {
        "met_at_baseline": "met_at_baseline" in assessed.flags,
        "kept_before_promise": "kept_before_promise" in assessed.flags,
        "against_numbers": _against_numbers(commitment, assessed),
        "two_readings": bool(commitment.other_reading),
        "carried_from": bool(commitment.carried_from),
    }
    if commitment.rule in (*NUMBER_RULES, Rule.DIRECTION):
        usable = [u for u in updates if u.is_usable and u.earliest <= on]
        base = commitment.base_date or plan.starts_on - timedelta(days=1)
        holds |= {
            "no_baseline": commitment.rule in FROM_THE_START and not any(u.as_of <= base for u in usable),
            "no_statistic": not metric.producer,
            "no_figure": not usable,
            "near_measure": bool(usable) and all(u.fits == Fits.NEAR for u in usable),
        }
    return tuple(name for name in REMARKS if holds.get(name))


def _against_numbers(commitment, assessed):
    """Whether a level to be reached lies for certain behind where things stood."""
    if commitment.rule != Rule.REACH or assessed.baseline is None:
        return False
    behind = {"≥": ">", ">": ">", "≤": "<", "<": "<"}.get(commitment.comparator)
    return bool(behind and interval(assessed.baseline).compare(behind, assessed.target_level))


def marks_of(commitment, metric):
    """For each mark, whether the promise has it."""
    return {
        "who": bool(commitment.bodies),
        "what": commitment.kind in OBJECTS or bool(metric and metric.unit),
        "how_much": commitment.target_value is not None or bool(commitment.target_rung),
        "by_when": commitment.deadline_basis != DeadlineBasis.PERIOD_END,
        "measured": bool(metric and metric.producer),
    }


def coverage(snapshot, plan, category=None, remark=""):
    """Every paragraph under its chapter or section, with the promises found in it and the remarks on each.

    ``category`` leaves one right, and shows the paragraphs' own words where a text is attached; ``remark`` leaves the
    promises that draw it.
    """
    linted = {code: _linted(snapshot, plan, code) for code in plan.commitments}
    within = [c for c in plan.commitments.values() if not category or category.code in plan.ancestry[c.category]]
    codes_shown = {c.code for c in within if not remark or remark in linted[c.code]["remarks"]}
    places = _places(plan, category, linted, codes_shown, only_with_promises=bool(remark))
    codes = [each["provision"].code for place in places for each in place["provisions"]]
    forms = Counter(p.form for p in plan.provisions.values())
    promising = Counter(p.form for p in plan.provisions.values() if plan.by_provision[p.code])
    return {
        "shown": Count(remark, REMARKS[remark].label if remark else "", len(codes_shown), len(within)),
        "remarks": _counts(REMARKS, within, linted, "remarks"),
        "marks": _counts(MARKS, within, linted, "given"),
        "remarks_of": {name: word.label for name, word in REMARKS.items()},
        "marks_of": {name: word.label for name, word in MARKS.items()},
        "forms": [
            Count(form, label, promising[form], forms[form])
            for form, label in labels.LABELS["form"].items()
            if forms[form]
        ],
        "places": places,
        "passages": passages(snapshot, plan, codes) if category else {},
        "attachment": snapshot.attachment(plan.code),
    }


def _linted(snapshot, plan, code):
    c = plan.commitments[code]
    metric = snapshot.metrics.get(c.metric)
    marks = marks_of(c, metric)
    return {
        "remarks": remarks_of(c, plan.assessed[code], plan.updates[code], plan, metric, snapshot.on),
        "given": [name for name, is_named in marks.items() if is_named],
        "open": [name for name, is_named in marks.items() if not is_named],
    }


def _counts(words, commitments, linted, part):
    """How many promises have each of the words, of how many, with what the word means."""
    names = {name: word.label for name, word in words.items()}
    counts = tally((name for c in commitments for name in linted[c.code][part]), names, len(commitments), zeros=True)
    return [{"count": count, "word": words[count.value]} for count in counts]


def _places(plan, category, linted, codes_shown, only_with_promises):
    """Chapters and sections with their paragraphs; with a remark asked for, only what has such a promise."""
    places = []
    for code, place in [("", None), *plan.categories.items()]:
        if category and category.code not in plan.ancestry.get(code, ()):
            continue
        provisions = []
        for p in plan.provisions_of[code]:
            promises = [{"commitment": c, **linted[c.code]} for c in plan.by_provision[p.code] if c.code in codes_shown]
            if promises or not only_with_promises:
                provisions.append({"provision": p, "promises": promises})
        if provisions or (place and not only_with_promises):
            depth = len(plan.ancestry[code]) - 1 if place else 0
            places.append({"category": place, "depth": depth, "provisions": provisions})
    return places
