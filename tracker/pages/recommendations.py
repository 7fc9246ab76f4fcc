"""What pages show of recommendations of the United Nations: the list, each one, and those that something is linked to.

Links are this site's own. Nothing here computes whether a recommendation was followed.
"""

from collections import Counter
from urllib.parse import urlencode

from django.urls import reverse

from tracker.filters.recommendations import REPLIES, linked_under, matching, plan_or_default
from tracker.models import Mechanism
from tracker.paging import paged
from tracker.records.baseline import NO_REPLY
from tracker.records.registry import neighbours

from .evidence import amendments, publication

ON_A_PAGE = 50
A_HANDFUL = 5  # shown in the block of another page, with a link to all


def recommendations(snapshot, parameters):
    """The list by what was asked for, a page at a time, each with how many promises are linked to it."""
    matches, plan = matching(snapshot, parameters), plan_or_default(snapshot, parameters["plan"])
    page = paged(matches, parameters["page"], ON_A_PAGE, lambda number: _address(parameters, number))
    page["rows"] = [shown(snapshot, each) for each in page["rows"]]
    every = snapshot.recommendations.values()
    linked = linked_under(plan) if plan else ()
    return page | {
        "several": len(snapshot.plans) > 1,
        "of_plan": plan,
        "states": sorted({each.state for each in every}),
        "mechanisms": _choices(Mechanism.choices, parameters["mechanism"], (r.mechanism for r in every)),
        "replies": _choices(REPLIES, parameters["reply"], (r.reply or NO_REPLY for r in every)),
        "rights": [c for c in plan.categories.values() if linked_under(plan, c.code)] if plan else [],
        "all": len(every),
        "linked": len(linked),
        "unanswered": sum(not each.reply for each in every),
        "narrowed": any(value for name, value in parameters.items() if name != "page"),
    }


def _choices(pairs, chosen, values):
    """The choices of a filter, each with how many recommendations have it."""
    have = Counter(values)
    return [{"value": value, "label": label, "chosen": value == chosen, "n": have[value]} for value, label in pairs]


def _address(parameters, number):
    """The address of another page of the same list."""
    pairs = [(name, value) for name, value in parameters.items() if value and name != "page"]
    pairs += [("page", number)] if number > 1 else []
    return reverse("recommendation-list") + (f"?{urlencode(pairs)}" if pairs else "")


def shown(snapshot, recommendation):
    """A recommendation with who recommends it and the promises of each plan that are linked to it."""
    return {
        "r": recommendation,
        "body": snapshot.bodies[recommendation.body],
        "reply": recommendation.reply or NO_REPLY,
        "links": sum(len(plan.by_recommendation.get(recommendation.code, ())) for plan in snapshot.plans.values()),
    }


def recommendation(snapshot, code):
    """One recommendation: its words, the State's reply, where both stand, and the promises linked to it with why."""
    recommendation = snapshot.recommendation(code)
    same = {each.code: each for each in snapshot.recommendations.values() if each.symbol == recommendation.symbol}
    before, after = neighbours(same, code)
    return shown(snapshot, recommendation) | {
        "source": publication(snapshot, recommendation.source),
        "norms": [
            {"norm": norm, "instrument": snapshot.instruments[norm.instrument]}
            for norm in map(snapshot.norms.__getitem__, recommendation.norms)
        ],
        "several": len(snapshot.plans) > 1,
        "plans": [
            {"plan": plan, "rows": [{"link": link, "c": plan.commitments[link.commitment]} for link in links]}
            for plan in snapshot.plans.values()
            if (links := plan.by_recommendation.get(code))
        ],
        "amendments": amendments(
            snapshot,
            ("recommendation", code),
            *(
                ("recommendation_link", plan.code, link.code)
                for plan in snapshot.plans.values()
                for link in plan.by_recommendation.get(code, ())
            ),
        ),
        "before": before,
        "after": after,
    }


def recommended_to(snapshot, plan, commitment):
    """What was recommended on the subject of a promise, each with why this site links the two."""
    return [
        shown(snapshot, snapshot.recommendations[link.recommendation]) | {"link": link}
        for link in plan.recommended[commitment.code]
    ]


def under(snapshot, plan, category):
    """What was recommended on promises under a right, as a block of its page: a handful, and the way to all."""
    within = {"plan": plan.code, "category": category}
    matches = matching(snapshot, dict.fromkeys(("q", "state", "mechanism", "reply"), "") | within)
    return {
        "rows": [shown(snapshot, each) for each in matches[:A_HANDFUL]],
        "total": len(matches),
        "address": _address(within, 1),
    }


def about_norm(snapshot, code):
    """What was recommended about an article, a target or a cycle, all of it."""
    return [shown(snapshot, each) for each in snapshot.recommendations.values() if code in each.norms]
