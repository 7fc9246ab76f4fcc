"""What is to be done on promises, as a filter of the explorer that staff alone have: the same sets, the same counts."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.filters.base import OfPlan
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.parameters import Choices, Filter, Query
from tracker.models import Assessment, Rule, Shape, State, Update, What
from tracker.pages.disagreements import DIFFERENCES, differences
from tracker.records.progress import AssessmentRecord, UpdateRecord
from tracker.records.registry import CommitmentRecord
from tracker.snapshot.bitsets import bits_of, bits_where
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot, once_for_a_snapshot
from tracker.standalone.assess import add_months

from .figures import due_by_commitment
from .people import ME, NOBODY, Work

LOOK_AGAIN = 12  # months after a search in vain
TODO = {
    "due": gettext_lazy("A figure or a stage should be on record"),
    "not_researched": gettext_lazy("Not researched yet"),
    "look_again": gettext_lazy("Looked long ago, nothing found"),
    "claimed_only": gettext_lazy("Only the State has spoken"),
    "not_decided": gettext_lazy("Evidence does not answer the test"),
    "differ": gettext_lazy("Accounts disagree"),
    "second_reading": gettext_lazy("Decided without a second reading"),
    "correction": gettext_lazy("A correction is open"),
    "returned": gettext_lazy("A row about it was returned"),
}
IN_STORE = ("correction", "returned")  # what no snapshot holds: rows that are not public


def unread(plan: PlanView, c: CommitmentRecord) -> tuple[int, int]:
    """Of the rows that decide a promise, how many nobody read a second time at the page, and how many there are."""
    inputs = plan.assessed[c.code].inputs
    if c.group == "not_known":
        return 0, 0
    rows: list[UpdateRecord | AssessmentRecord] = [*plan.updates[c.code], *plan.findings[c.code]]
    deciding = [row for row in rows if row.entry in inputs]
    return sum(not row.reread for row in deciding), len(deciding)


def last_search(plan: PlanView, c: CommitmentRecord) -> datetime.date | None:
    """When somebody last looked and found nothing."""
    return max((u.as_of for u in plan.updates[c.code] if u.what == What.SEARCH), default=None)


@once_for_a_snapshot
def todo_bits(snapshot: Snapshot, plan_code: str) -> dict[str, int]:
    """For each kind of work that follows from what is public, the set of a plan's promises that it is to be done on."""
    plan, due = snapshot.plans[plan_code], due_by_commitment(snapshot)
    long_ago = add_months(snapshot.on, -LOOK_AGAIN)
    tests = {
        "due": lambda c: (c.plan, c.code) in due,
        "not_researched": lambda c: c.missing == "nobody_looked",
        "look_again": lambda c: c.missing == "nothing_found" and (last_search(plan, c) or long_ago) <= long_ago,
        "claimed_only": lambda c: c.missing == "claimed_only",
        "not_decided": lambda c: c.missing == "not_decided",
        "differ": lambda c: bool(differences(plan, c, snapshot.on)),
        "second_reading": lambda c: unread(plan, c)[0] > 0,
    }
    return {name: bits_where(test, plan.rows) for name, test in tests.items()}


def rows_in_store(snapshot: Snapshot) -> dict[str, set[tuple[str, str]]]:
    """Promises, by plan and code, about which a correction is on its way, or a row was returned: two questions."""
    about: dict[str, set[tuple[str, str]]] = {name: set() for name in IN_STORE}
    names = ("state", "replaces", "commitment__plan__code", "commitment__code")
    rows = [(*row, None) for row in _not_public(Assessment).values_list(*names)]
    rows += _not_public(Update).values_list(*names, "metric__code")
    for state, replaces, plan, code, metric in rows:
        promises = {(plan, code)} if code else {(c.plan, c.code) for c in snapshot.by_metric.get(metric, ())}
        if replaces:
            about["correction"] |= promises
        if state == State.RETURNED:
            about["returned"] |= promises
    return about


def _not_public(model):  # type: ignore[no-untyped-def]  # querysets of two models
    rows = model.objects.exclude(state=State.PUBLISHED)
    return rows.filter(replaces__isnull=False) | rows.filter(state=State.RETURNED)


class WorkFilter(CommitmentFilter):
    """The explorer's filter with what is to be done and who does it; of today, without what only files need."""

    todo = Filter(Choices(gettext_lazy("To be done"), TODO.items()))
    assigned = Filter(Choices(gettext_lazy("Who has it")))  # the people are those of now
    on = known = by = columns = None  # type: ignore[assignment]  # so it is that django-filter leaves one out
    not_of_the_set = ("sort", "page", "page_size")

    def __init__(self, data: QueryDict, *, snapshot: Snapshot, plan: PlanView, user: User, work: Work) -> None:
        self.user, self.work = user, work
        self.stored = rows_in_store(snapshot)
        super().__init__(data, snapshot=snapshot, plan=plan)

    def get_form_class(self) -> type[Query]:
        """The form of the snapshot, with the people who have something now."""
        people = [(ME, _("Me")), (NOBODY, _("Nobody")), *((name, name) for name in self.work.people())]
        assigned = Choices(self.base_filters["assigned"].label, people)
        return type("Form", (super().get_form_class(),), {"assigned": assigned})

    def _of_plan(self) -> OfPlan:
        path = reverse("desk-promises", args=[self.plan.code])
        rows = self.plan.rows
        todo = dict(todo_bits(self.snapshot, self.plan.code))
        for name, about in self.stored.items():
            places = [place for place, c in enumerate(rows) if (c.plan, c.code) in about] if about else ()
            todo[name] = bits_of(places, len(rows))
        own = {"todo": todo, "assigned": self.work.bits(self.plan, self.user)}
        return path, rows, own | dict(self.plan.bits)

    def _sorted(self, rows: list[CommitmentRecord]) -> list[CommitmentRecord]:
        """As asked for; where nothing is, figures that are due by the day since when, all else as the plan has it."""
        if self.sorts or self.parameters.get("todo") != ["due"]:
            return super()._sorted(rows)
        due = due_by_commitment(self.snapshot)
        return sorted(rows, key=lambda c: due[c.plan, c.code][-1].by)

    def count(self, todo: str) -> int:
        """How many promises of the plan there is something of a kind to be done on."""
        return self.bits_by_value["todo"][todo].bit_count()


@dataclass(frozen=True)
class Press:
    """A link that opens the form with what is known filled in."""

    label: str
    address: str


def lacks(filters: WorkFilter, c: CommitmentRecord) -> list[str]:
    """What a promise wants, each a few words: figures by period, searches, readings, rows on their way."""
    plan, snapshot, lines = filters.plan, filters.snapshot, []
    if due := due_by_commitment(snapshot).get((c.plan, c.code)):
        periods = ", ".join(period_in_words(figure.period) for figure in due)
        by = date_format(due[-1].by, "F Y")
        words = _("The stage due by %(periods)s, expected on record by %(by)s") if due[-1].is_stage else ""
        lines.append((words or _("The figure of %(periods)s, expected by %(by)s")) % {"periods": periods, "by": by})
    searched = last_search(plan, c)
    if c.missing == "nothing_found" and searched:
        lines.append(_("Last looked for on %(day)s") % {"day": date_format(searched, "j M Y")})
    if c.settled_by and c.group == "not_known":
        lines.append(c.settled_by)
    open_, of = unread(plan, c)
    if open_:
        words = ngettext(
            "%(n)s of %(of)s row that decides it was read once only",
            "%(n)s of %(of)s rows that decide it were read once only",
            of,
        )
        lines.append(words % {"n": open_, "of": of})
    lines += [str(DIFFERENCES[name]) for name in differences(plan, c, snapshot.on)]
    lines += [str(TODO[name]) for name in IN_STORE if (c.plan, c.code) in filters.stored[name]]
    return lines


def period_in_words(day: datetime.date) -> str:
    """A period by its last day: the year where that is its end."""
    return date_format(day, "Y" if (day.month, day.day) == (12, 31) else "j M Y")


def presses(snapshot: Snapshot, c: CommitmentRecord) -> list[Press]:
    """What can be recorded about a promise, the usual first."""
    update, about = reverse("admin:tracker_update_add"), f"{c.plan}/{c.code}"
    finding = Press(_("Record a finding"), f"{reverse('admin:tracker_assessment_add')}?commitment={about}")
    links = []
    if c.metric and snapshot.metrics[c.metric].shape == Shape.NUMBER:
        links.append(Press(_("Record a value"), f"{update}?what={What.VALUE}&metric={c.metric}"))
    elif c.metric:
        links.append(Press(_("Record a stage"), f"{update}?what={What.RUNG}&metric={c.metric}"))
    if c.rule == Rule.JUDGE:
        links.append(Press(_("Record a judgement"), f"{update}?what={What.JUDGEMENT}&commitment={about}"))
    search = Press(_("Record a search"), f"{update}?what={What.SEARCH}&commitment={about}")
    return [finding, search] if c.rule == Rule.UPHOLD else [*links, search, finding]
