"""The whole plan on one screen: what is found, every promise by right, what changed, what is disputed, and the rest."""

from itertools import chain, groupby

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Level
from tracker.snapshot.stored import deciding
from tracker.wording import labels

from .changes import when
from .counts import Count, counts_of, findings_in_words, tally
from .counts import outcome as outcome_of
from .disagreements import DIFFERENCES, accounts_of, claimed_alone, differences
from .evidence import amendments
from .rights import only_acts
from .shared import has_address

CHANGES_NAMED = 10
DISPUTES_NAMED = 6
ORDERS = {"result": gettext_lazy("by what became of them"), "plan": gettext_lazy("in the order of the plan")}
MARKS = {
    "unread": gettext_lazy("blank: not researched here yet"),
    "looked": gettext_lazy("hatched: evidence was read or looked for, and gives no answer"),
    "kept_before_promise": gettext_lazy("bar above: kept before it was promised"),
    "harm_found": gettext_lazy("bar below: its fulfilment was found harmful to the right"),
}


def plan(snapshot, plan, order):
    """The whole plan on one screen, the squares of each right in an order of ``ORDERS``."""
    commitments = plan.commitments.values()
    groups = {code: group.name for code, group in snapshot.groups.items()}
    people = tally((code for c in commitments for code in c.groups), groups, len(commitments))
    outcome = outcome_of(plan.rows)
    return {
        "operator": settings.OPERATOR,
        "objectives": plan.provisions_of[""],
        "orders": ORDERS,
        "order": order,
        "chapters": mosaic(plan, order),
        "legend": legend(plan.rows),
        "outcome": outcome,
        "finding": list(findings_in_words(outcome)),
        "changed": changed(snapshot, plan),
        "disputed": disputed(snapshot, plan),
        "rests_on": rests_on(snapshot, plan),
        "norms": [
            Count(code, snapshot.instruments[code].title, len(linked), len(commitments))
            for code, linked in plan.by_instrument.items()
        ],
        "levels": counts_of(Level, plan, "level"),
        "only_acts": only_acts(plan),
        "people": sorted(people, key=lambda count: -count.n),
        "paragraphs": plan.promising_paragraphs,
        "amendments": amendments(snapshot, ("plan", plan.code)),
        "canonical": plan.path,
    }


def by_result(commitment):
    """Where a promise stands among others by what became of it: the not known last, the not researched behind them."""
    place = list(labels.GROUPS).index(commitment.group)
    return place, commitment.missing == "nobody_looked", commitment.status


def mosaic(plan, order):
    """Chapters of a plan, each with the rows of its squares: a right and the commitments directly under it.

    A plan of any depth fits: rows are its leaves.
    """
    chapters = []
    for chapter in plan.tree.get("", ()):
        own = _("Introduction") if plan.tree.get(chapter.code) else _("The chapter")
        rows = [
            {"category": each, "label": own if each is chapter else each.short_title, "commitments": commitments}
            for each in plan.within(chapter)
            if (commitments := plan.directly_under(each.code))
        ]
        chapters.append({"category": chapter, "rows": rows, "total": len(plan.by_category[chapter.code])})
    if loose := [c for c in plan.rows if not c.category]:
        rows = [{"category": None, "label": plan.short_title, "commitments": loose}]
        chapters.append({"category": None, "rows": rows, "total": len(loose)})
    for row in (row for chapter in chapters for row in chapter["rows"] if order == "result"):
        row["commitments"] = sorted(row["commitments"], key=by_result)
    return chapters


def legend(commitments):
    """Marks of squares beside those of their groups, of those that stand here, each with how many have it."""
    of = len(commitments)
    marked = {
        "unread": [c for c in commitments if c.missing == "nobody_looked"],
        "looked": [c for c in commitments if c.missing not in ("", "nobody_looked")],
        **{flag: [c for c in commitments if flag in c.flags] for flag in labels.SQUARE_MARKS},
    }
    return [Count(mark, MARKS[mark], len(mine), of) for mark, mine in marked.items() if mine]


def changed(snapshot, plan):
    """Days with the newest changes, newest first; on the last of them not all may be named: ``more`` says how many.

    What time alone changed, and that one kind of not known became another, makes no news; it stands on the page of
    changes.
    """
    every = snapshot.happened[plan.code]
    changes = [change for change in every if change.entries and change.before.status != change.after.status]
    newest = sorted(sorted(changes, key=when)[-CHANGES_NAMED:], key=when, reverse=True)
    days = [
        {
            "day": day,
            "precision": precision,
            "changes": [{"change": c, "commitment": plan.commitments[c.code]} for c in group],
            "more": 0,
        }
        for (day, precision), group in groupby(newest, key=when)
    ]
    if days:
        last = days[-1]
        last["more"] = sum(1 for c in changes if when(c) == (last["day"], last["precision"])) - len(last["changes"])
    return {"days": days, "of": len(every)}


def disputed(snapshot, plan):
    """How many promises are disputed and how; one can be so in several ways. The newest with all accounts of them.

    Those of which the State alone speaks are counted with the others, but stand in no list of the newest: nobody on
    record says the opposite.
    """
    total = len(plan.commitments)
    ways = {code: differences(plan, c, snapshot.on) for code, c in plan.commitments.items()}
    contradicted = [plan.commitments[code] for code, each in ways.items() if each and not claimed_alone(each)]
    rows = [{"commitment": c, "accounts": accounts_of(snapshot, plan, c)} for c in contradicted]
    rows.sort(
        key=lambda row: max(each["row"].as_of.toordinal() if each["row"] else 0 for each in row["accounts"]),
        reverse=True,
    )
    return {
        "n": sum(1 for each in ways.values() if each),
        "of": total,
        "alone": sum(map(claimed_alone, ways.values())),
        "ways": tally((way for each in ways.values() for way in each), DIFFERENCES, total, zeros=True),
        "newest": rows[:DISPUTES_NAMED],
    }


def rests_on(snapshot, plan):
    """What all this rests on: statements by the side of their origin, and how many have no confirmed address."""
    updates = (u for rows in plan.updates.values() for u in deciding(rows) if u.sources)
    findings = (f for part in (plan.findings, plan.findings_on) for rows in part.values() for f in rows)
    addressed = {code for code, source in snapshot.sources.items() if has_address(source)}
    entries, sides, bare, reread = set(), [], 0, 0
    for row in chain(updates, findings):  # one after the other: there may be a million
        if row.earliest <= snapshot.on and row.entry not in entries:
            entries.add(row.entry)
            if row.origin:
                sides.append(getattr(row, "side", "") or plan.bodies[row.origin].side)
            bare += addressed.isdisjoint(row.sources)
            reread += row.reread in ("confirmed", "corrected")
    total, own = len(entries), len(entries) - len(sides)
    return {
        "total": total,
        "sides": [
            *tally(sides, labels.LABELS["side"], total, zeros=True),
            *([Count("own", _("judged by this site"), own, total)] if own else []),
        ],
        "bare": bare,
        "bare_share": labels.percent(bare, total) if total else "",
        "reread": reread,
    }
