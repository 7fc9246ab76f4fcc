"""The plan paragraph by paragraph, in its order: what each promises, what it names, and what is weak about it."""

from collections import Counter

from tracker import labels

from .counts import Count, tally
from .evidence import passages
from .wording import MARKS, REMARKS, marks_of, remarks_of


def coverage(snapshot, plan, category=None, remark=""):
    """Every paragraph under its chapter or section, with the promises found in it and the remarks on each.

    ``category`` leaves one right, and shows the paragraphs' own words where a text is attached; ``remark`` leaves the
    promises that draw it.
    """
    linted = {code: _linted(snapshot, plan, code) for code in plan.commitments}
    within = [c for c in plan.commitments.values() if not category or category.code in plan.ancestry[c.category]]
    shown = {c.code for c in within if not remark or remark in linted[c.code]["remarks"]}
    places = _places(plan, category, linted, shown, only_with_promises=bool(remark))
    codes = [each["provision"].code for place in places for each in place["provisions"]]
    forms = Counter(p.form for p in plan.provisions.values())
    promising = Counter(p.form for p in plan.provisions.values() if plan.by_provision[p.code])
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "remark": remark,
        "shown": Count(remark, REMARKS[remark].label if remark else "", len(shown), len(within)),
        "remarks": _counts(REMARKS, within, linted, "remarks"),
        "marks": _counts(MARKS, within, linted, "given"),
        "remarks_of": {name: term.label for name, term in REMARKS.items()},
        "marks_of": {name: term.label for name, term in MARKS.items()},
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
        "given": [name for name, given in marks.items() if given],
        "open": [name for name, given in marks.items() if not given],
    }


def _counts(terms, commitments, linted, part):
    """How many promises have each of the terms, of how many, with what the term means."""
    names = {name: term.label for name, term in terms.items()}
    counts = tally((name for c in commitments for name in linted[c.code][part]), names, len(commitments), zeros=True)
    return [{"count": count, "term": terms[count.value]} for count in counts]


def _places(plan, category, linted, shown, only_with_promises):
    """Chapters and sections with their paragraphs; with a remark asked for, only what has such a promise."""
    places = []
    for code, place in [("", None), *plan.categories.items()]:
        if category and category.code not in plan.ancestry.get(code, ()):
            continue
        provisions = []
        for p in plan.provisions_of[code]:
            promises = [{"commitment": c, **linted[c.code]} for c in plan.by_provision[p.code] if c.code in shown]
            if promises or not only_with_promises:
                provisions.append({"provision": p, "promises": promises})
        if provisions or (place and not only_with_promises):
            depth = len(plan.ancestry[code]) - 1 if place else 0
            places.append({"category": place, "depth": depth, "provisions": provisions})
    return places
