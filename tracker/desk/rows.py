"""Rows on their way to the public: whose they are, what they are about, since when they wait; with counts by filter."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.filters.counts import Facet, FacetChoice
from tracker.filters.parameters import LAST_PAGE, Choices, Query, WholeNumber, Words
from tracker.models import Assessment, Deed, Evidence, State, TrailEntry, Update, What, public_day
from tracker.models.progress import AMENDED
from tracker.models.publishable import open_to
from tracker.models.roles import may_publish
from tracker.paging import paged
from tracker.snapshot.snapshot import Snapshot
from tracker.wording import labels

from .pages import accounts_of

FINDING = "finding"
WHAT = {**dict(What.choices), FINDING: gettext_lazy("finding of others")}
ON_A_PAGE, MOST_WORDS = 50, 8
WAYS = {
    "review": gettext_lazy("Waits for me"),
    "returned": gettext_lazy("Came back to me"),
    "drafts": gettext_lazy("My drafts"),
    "handed-in": gettext_lazy("What I handed in"),
    "all": gettext_lazy("All rows on their way"),
}
LONGEST_WAITING_FIRST = ("review", "handed-in")
STEPS = (Deed.DRAFTED, Deed.EDITED, Deed.SUBMITTED, Deed.TAKEN_BACK, Deed.RETURNED)  # since which a row is as it is
NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def ways_of(user: User) -> dict[str, Any]:
    """The lists of rows that somebody has: nothing waits for those who may not publish."""
    return {way: words for way, words in WAYS.items() if way != "review" or may_publish(user)}


def condition(way: str, user: User) -> Q:
    """Which rows stand on a list of somebody's. What waits for one is what one may act on: nothing of one's own."""
    if way == "review":
        return open_to(*accounts_of(user))
    return {
        "returned": Q(state=State.RETURNED, author=user),
        "drafts": Q(state=State.DRAFT, author=user),
        "handed-in": Q(state=State.SUBMITTED, author=user),
        "all": ~Q(state=State.PUBLISHED),
    }[way]


def counts(user: User, ways: Iterable[str]) -> dict[str, int]:
    """How many rows stand on these lists of somebody's: one question for updates and one for findings."""
    aggregates = {way: Count("pk", filter=condition(way, user)) for way in ways}
    rows = [model.objects.exclude(state=State.PUBLISHED).aggregate(**aggregates) for model in (Update, Assessment)]
    return {way: sum(row[way] for row in rows) for way in aggregates}


@dataclass(frozen=True)
class Row:
    """As much of a row as filters ask."""

    model: type[Update | Assessment]
    pk: int
    what: str
    state: str
    author: str
    rights: frozenset[str]  # “plan/code” of every right that it falls under
    since: datetime.datetime | None  # when it came to be as it is, where the trail says so

    def values(self, name: str) -> Iterable[str]:
        """What it has for a filter."""
        return self.rights if name == "right" else (getattr(self, name),)


@dataclass(frozen=True)
class Line:
    """A row as a list shows it."""

    record: Update | Assessment
    mark: str  # its kind and number, as a form names it among others
    since: datetime.datetime | None
    what: str
    about: str
    says: str
    sources: int
    address: str
    path: str  # of the public page of what it is about
    lacks: tuple[str, ...] = ()  # what keeps a draft from being handed in, by field


class OnTheWay:
    """One list of rows as an address asks for it. A bad address raises ``BadRequest``."""

    def __init__(self, data: QueryDict, *, snapshot: Snapshot, user: User, way: str) -> None:
        self.snapshot, self.user, self.way = snapshot, user, way
        self.path, self.condition = reverse(f"desk-{way}"), condition(way, user)
        everything = list(self._read(data.get("q", "")))
        names = ["what", "right"] if way in ("returned", "drafts", "handed-in") else ["what", "right", "author"]
        choices = {name: self._choices(name, everything, data) for name in [*names, *["state"] * (way == "all")]}
        words = {"what": _("What"), "right": _("Right"), "author": _("Author"), "state": _("State")}
        fields: dict[str, Any] = {name: Choices(words[name], pairs) for name, pairs in choices.items()}
        fields |= {"q": Words(_("Words or codes")), "page": WholeNumber(_("Page"), most=LAST_PAGE)}
        self.form = type("Form", (Query,), fields)(data)
        self.chosen = {name: set(self.form.values.get(name, ())) for name in choices}
        self.rows = [row for row in everything if self._meets(row)]
        self.facets = [self._facet(name, everything) for name in choices]

    def _read(self, question: str) -> Iterator[Row]:
        """The rows of the list in order, those about which a question asks: two questions to the database."""
        rows: list[Row] = []
        for model in (Update, Assessment):
            names = ["pk", "state", "author__username", "commitment__plan__code", "commitment__code"]
            names += ["what", "metric__code"] if model is Update else ["category__plan__code", "category__code"]
            steps = TrailEntry.objects.filter(kind=model._meta.model_name, row=OuterRef("pk"), deed__in=STEPS)
            query = self._asked_for(model, question).annotate(since=Subquery(steps.order_by("-at").values("at")[:1]))
            for pk, state, author, plan, code, first, second, since in query.values_list(*names, "since"):
                if model is Update:
                    rights = self._rights_of_promise(plan, code) if code else self._rights_of_metric(second)
                    rows.append(Row(model, pk, first, state, author, rights, since))
                else:
                    rights = self._rights_of_promise(plan, code) if code else self._rights(first, second)
                    rows.append(Row(model, pk, FINDING, state, author, rights, since))
        rows.sort(key=lambda row: (row.since or NEVER, row.pk), reverse=self.way not in LONGEST_WAITING_FIRST)
        return iter(rows)

    def _asked_for(self, model: type[Update | Assessment], question: str) -> QuerySet[Any]:
        query = model.objects.filter(self.condition)
        for word in question.split()[:MOST_WORDS]:
            names = ["summary", "author__username", "origin__name", "commitment__code", "commitment__title"]
            names += ["metric__name", "as_published"] if model is Update else ["category__title", "document"]
            meets = Q(*((f"{name}__icontains", word) for name in names), _connector=Q.OR)
            if model is Update:
                codes = [c.metric for c in self.snapshot.commitments if c.metric and c.code.lower() == word.lower()]
                meets |= Q(metric__code__in=codes)
            cited = Evidence.objects.filter(**{Evidence.field_of(model): OuterRef("pk")}, source__title__icontains=word)
            query = query.filter(meets | Exists(cited))
        return query

    def _rights(self, plan: str, category: str) -> frozenset[str]:
        lines = self.snapshot.plans[plan].ancestry if plan in self.snapshot.plans else {}
        return frozenset(f"{plan}/{each}" for each in lines.get(category, ()))

    def _rights_of_promise(self, plan: str, code: str) -> frozenset[str]:
        view = self.snapshot.plans.get(plan)
        return self._rights(plan, view.commitments[code].category) if view and code in view.commitments else frozenset()

    def _rights_of_metric(self, metric: str | None) -> frozenset[str]:
        promises = self.snapshot.by_metric.get(metric or "", ())
        return frozenset().union(*(self._rights(c.plan, c.category) for c in promises))

    def _choices(self, name: str, rows: list[Row], data: QueryDict) -> list[tuple[str, Any]]:
        """The values of a filter that occur, and those that were asked for, in the order in which people look."""
        occur = {value for row in rows for value in row.values(name)}
        if name == "right":
            rights = ((f"{p.code}/{c.code}", c) for p in self.snapshot.plans.values() for c in p.categories.values())
            codes = occur | set(data.getlist(name))
            return [(value, f"{c.code} {c.short_title}") for value, c in rights if value in codes]
        if name == "author":
            return [(value, value) for value in sorted(occur | set(data.getlist(name)))]
        return list((WHAT if name == "what" else dict(State.choices[:-1])).items())

    def _meets(self, row: Row, but: str = "") -> bool:
        return all(name == but or not chosen or chosen & set(row.values(name)) for name, chosen in self.chosen.items())

    def _facet(self, name: str, everything: list[Row]) -> Facet:
        """A filter with how many rows each of its choices would give, all others being as they are."""
        n: dict[str, int] = {}
        for row in everything:
            for value in row.values(name) if self._meets(row, but=name) else ():
                n[value] = n.get(value, 0) + 1
        field, chosen = self.form.fields[name], self.chosen[name]
        depth = {value: len(self._rights(*value.split("/")[:2])) - 1 for value, _label in field.pairs if "/" in value}
        choices = [
            FacetChoice(value, label, n.get(value, 0), value in chosen, max(depth.get(value, 0), 0))
            for value, label in field.pairs
        ]
        return Facet(name, field.label or "", choices, len(chosen))

    def address(self, page: int = 1) -> str:
        """The address of a page of this list."""
        pairs = [(name, each) for name, chosen in self.chosen.items() for each in sorted(chosen)]
        pairs += [("q", self.form.values["q"])] if "q" in self.form.values else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def page(self, size: int = ON_A_PAGE) -> dict[str, Any]:
        """One page of the list with what stands around it: two questions more, for the rows shown."""
        page = paged(self.rows, self.form.values.get("page", 1), size, self.address)
        return page | {"lines": lines(self.snapshot, page["rows"])}


def lines(snapshot: Snapshot, rows: Sequence[Row]) -> list[Line]:
    """Rows as a list shows them: a question for updates and one for findings, however many they are."""
    shared = ("commitment__plan", "category__plan", "origin", "author", "submitted_by")
    records: dict[tuple[type, int], Any] = {}
    for model in (Update, Assessment):
        query = model.objects.filter(pk__in=[row.pk for row in rows if row.model is model])
        own = Evidence.field_of(model)
        cited = Evidence.objects.filter(**{own: OuterRef("pk")}).order_by().values(own)
        query = query.annotate(cited=Subquery(cited.annotate(n=Count("pk")).values("n")))
        records |= {(model, each.pk): each for each in query.select_related(*shared, *AMENDED * (model is Update))}
    return [_line(snapshot, row, records[row.model, row.pk]) for row in rows if (row.model, row.pk) in records]


def _line(snapshot: Snapshot, row: Row, record: Any) -> Line:
    step = "review" if record.state == State.SUBMITTED else "change"
    about, path = record.about, ""
    if about is not None and about._meta.model_name == "metric":
        promises = snapshot.by_metric.get(about.code, ())
        codes = ", ".join(c.code for c in promises)
        path = promises[0].path if len(promises) == 1 else reverse("metric-detail", args=[about.code])
        name = f"{codes} {about.name}".strip()
    else:
        name = f"{getattr(about, 'code', '')} {about or ''}".strip()
        plan = snapshot.plans.get(getattr(getattr(about, "plan", None), "code", ""))
        named = plan.commitments.get(about.code) or plan.categories.get(about.code) if plan else None
        name, path = (f"{named.code} {named.title}", named.path) if named is not None else (name, "")
    address = reverse(f"admin:tracker_{record._meta.model_name}_{step}", args=[record.pk])
    mark = f"{record._meta.model_name}-{record.pk}"
    cells = (record, mark, row.since, str(WHAT[row.what]), name, in_words(record), record.cited or 0)
    return Line(*cells, address, path, _lacks(record))


def _lacks(record: Any) -> tuple[str, ...]:
    """What a draft lacks to be handed in, in words; nothing for what is with the reviewers."""
    if record.state not in (State.DRAFT, State.RETURNED):
        return ()
    lacks = record.what_it_lacks(on=public_day(), evidence=[record] * (record.cited or 0))
    evidence = _("evidence")
    return tuple(str(evidence if n == NON_FIELD_ERRORS else record._meta.get_field(n).verbose_name) for n in lacks)


def in_words(record: Any) -> str:
    """What a row says, in a few words: its number with unit and period, its stage, verdict or finding."""
    if isinstance(record, Assessment):
        return _("%(origin)s: %(says)s") % {"origin": record.origin or "–", "says": labels.SAYS[record.says]}
    if record.what == What.VALUE:
        if record.value is None:
            return _("no number yet")
        number = labels.measured(record.value, record.bound, record.metric.unit if record.metric else "")
        return _("%(number)s, %(period)s") % {"number": number, "period": labels.period(record, "M")}
    if record.what == What.RUNG:
        day = labels.dated_in_words(record.as_of, record.precision, "M")
        return _("“%(stage)s” reached, %(day)s") % {"stage": record.rung, "day": day}
    if record.what == What.JUDGEMENT:
        return str(labels.LABELS["verdict"].get(record.verdict, ""))
    if record.what == What.SEARCH:
        return _("looked on %(day)s") % {"day": date_format(record.as_of, "j M Y")}
    if record.what == What.AMENDMENT:
        return _("changes %(fields)s") % {"fields": ", ".join(record.changes or ())}
    return _("withdraws what is public")
