"""What the list of recommendations may be asked for, and which of them that is."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import search
from tracker.models import Mechanism, Reply
from tracker.records.baseline import NO_REPLY, RecommendationRecord
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .base import terms_of
from .dates import DatedQuery, NumberedQuery
from .parameters import Choice, Words, refuse

REPLIES = (*Reply.choices, (NO_REPLY, gettext_lazy("no reply on record")))


class RecommendationsQuery(DatedQuery, NumberedQuery):
    """The list by its words, State, mechanism, reply, and by the right that linked promises stand under."""

    filters = True

    q = Words(gettext_lazy("Words"), usual="")
    state = Words(gettext_lazy("State"), usual="")
    mechanism = Choice(gettext_lazy("Mechanism"), Mechanism.choices, usual="")
    reply = Choice(gettext_lazy("The State's reply"), REPLIES, usual="")
    plan = Words(gettext_lazy("Plan"), usual="")
    category = Words(gettext_lazy("Right"), usual="")

    def arguments(self, _plan: PlanView | None) -> dict[str, Any]:
        return {"parameters": super().arguments(_plan)}


def plan_or_default(snapshot: Snapshot, code: str) -> PlanView | None:
    """The plan whose rights the list is asked by: the one named, else the usual one."""
    if not code:
        return snapshot.default_plan
    if code not in snapshot.plans:
        refuse("plan", [code], _("there is nothing with this code."))
    return snapshot.plans[code]


def linked_under(plan: PlanView, category: str = "") -> set[str]:
    """Codes of the recommendations that promises of a plan, or those under a right of it, are linked to."""
    promises = plan.by_category[category] if category else plan.commitments.values()
    return {code for c in promises for code in c.recommendations}


def matching(snapshot: Snapshot, query: dict[str, Any]) -> list[RecommendationRecord]:
    """Recommendations that were asked for, newest document first, in the order of its paragraphs."""
    plan, category, terms = plan_or_default(snapshot, query["plan"]), query["category"], terms_of(query["q"])
    if category and (plan is None or category not in plan.categories):
        refuse("category", [category], _("the plan has no such chapter or section."))
    linked = linked_under(plan, category) if plan and (category or query["plan"]) else None
    rows = [
        each
        for each, text in zip(snapshot.recommendations.values(), snapshot.recommendation_texts, strict=True)
        if query["state"] in ("", each.state)
        and query["mechanism"] in ("", each.mechanism)
        and query["reply"] in ("", each.reply or NO_REPLY)
        and (linked is None or each.code in linked)
        and (not query["q"] or (terms and all(search.stands_in(term, text) for term in terms)))
    ]
    return sorted(rows, key=lambda each: (-each.published.toordinal(), each.symbol))
