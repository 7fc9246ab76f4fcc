"""Lists of what plans share, a page at a time: publications, organisations, and what is measured."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from tracker.paging import paged
from tracker.text.plain import folded

from .shared import statements_of

ON_A_PAGE = 50
SIDES = {
    "official": _("Official"),
    "un": _("United Nations"),
    "independent": _("Independent"),
    "unknown": _("Side unknown: nobody could find out whose it is"),
}


def _page_of(query, rows, words_of, **value_of):
    """The page of rows that an address asks for, and each choice with how many it would give beside the others.

    ``words_of`` gives the texts of a row in which words are looked for; ``value_of`` its value for each parameter.
    """
    terms = folded(query.get("q")).split()
    with_words = [row for row in rows if all(term in folded(" ".join(words_of(row))) for term in terms)]

    def fitting(but=""):
        filters = {name: query.get(name) for name in value_of if query.get(name) and name != but}
        return [row for row in with_words if all(value_of[name](row) == value for name, value in filters.items())]

    fields = []
    for name, value in value_of.items():
        counts, field = Counter(map(value, fitting(but=name))), query.fields[name]
        values, chosen = {*map(value, rows)}, query.get(name)
        words = getattr(field, "words", None) or {each: each for each in sorted(values | {chosen}) if each}
        choices = [(code, label, counts[code]) for code, label in words.items() if counts[code] or code == chosen]
        if len(values) > 1 or chosen:
            fields.append({"name": name, "label": field.label, "chosen": chosen, "choices": choices})
    page = paged(fitting(), query.get("page"), ON_A_PAGE)
    narrowed = any(query.get(name) for name in ("q", *value_of))
    return page | {"of": len(rows), "fields": fields, "q": query.get("q"), "narrowed": narrowed}


def sources(snapshot, query):
    """Publications by who carried them, each with how many statements rest on it."""
    rests = Counter(code for _about, row in statements_of(snapshot) for code in {*row.sources})
    for plan in snapshot.plans.values():
        rests += Counter(code for record in plan.baseline.values() for code in {c.source for c in record.citations})
        rests += Counter(adherence.source for adherence in plan.adherences.values())
    rests += Counter(each.source for each in snapshot.recommendations.values())
    place = {code: n for n, code in enumerate(snapshot.bodies)}
    listed = [
        {"source": each, "publisher": snapshot.bodies[each.publisher], "rests": rests[each.code]}
        for each in sorted(snapshot.sources.values(), key=lambda each: place[each.publisher])
    ]
    bare = [each for each in snapshot.sources.values() if not each.address]
    return {"bare": len(bare), "by_symbol": sum(1 for each in bare if each.document_address)} | _page_of(
        query,
        listed,
        lambda row: (row["source"].title, row["source"].un_symbol, row["source"].address, row["publisher"].name),
        side=lambda row: row["publisher"].side,
        kind=lambda row: row["publisher"].kind,
        address=lambda row: "yes" if row["source"].address else "no",
    )


def bodies(snapshot, query):
    """Organisations by side, with what each publishes, says, and where the text names it."""
    statements = Counter(row.origin for _about, row in statements_of(snapshot))
    listed = [
        {
            "body": each,
            "heading": SIDES[each.side],
            "metrics": len(snapshot.produced_by[each.code]),
            "commitments": len(snapshot.named_by[each.code]),
            "statements": statements[each.code],
        }
        for side in SIDES
        for each in snapshot.bodies.values()
        if each.side == side
    ]
    return _page_of(
        query,
        listed,
        lambda row: (row["body"].name, row["body"].why),
        side=lambda row: row["body"].side,
        kind=lambda row: row["body"].kind,
        state=lambda row: row["body"].state,
    )


def metrics(snapshot, query):
    """What is measured: numbers first, ladders behind, each with the promises that it answers and what is on record."""
    listed = [
        {
            "metric": each,
            "commitments": snapshot.by_metric[each.code],
            "producer": snapshot.bodies.get(each.producer),
            "on_record": len(snapshot.updates.get(each.code, ())),
        }
        for shape in ("number", "ladder")
        for each in snapshot.metrics.values()
        if each.shape == shape
    ]
    page = _page_of(
        query,
        listed,
        lambda row: (row["metric"].name, row["metric"].definition, row["metric"].statistic),
        shape=lambda row: row["metric"].shape,
        nature=lambda row: row["metric"].nature,
        on_record=lambda row: "yes" if row["on_record"] else "no",
        state=lambda row: row["metric"].state,
    )
    counts = Counter(row["metric"].shape for row in listed)
    return page | {
        "counts": {"numbers": counts["number"], "ladders": counts["ladder"]},
        "numbers": [row for row in page["rows"] if row["metric"].shape == "number"],
        "ladders": [row for row in page["rows"] if row["metric"].shape == "ladder"],
    }
