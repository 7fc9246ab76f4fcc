"""What the API gives: each list with the record that its rows are, how a row is found again, and what it is asked."""

import operator
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.exports.tables import TABLES
from tracker.filters.base import ONLY_ON_THE_PAGE, form_of
from tracker.filters.baseline import BaselineFilter
from tracker.filters.commitments import SAYS, CommitmentFilter
from tracker.filters.dates import ENTRY, FROM_TO, LAST_ENTRY
from tracker.filters.parameters import ChoicesOfPlan, Query, WholeNumber, refuse
from tracker.filters.search import KIND, ROWS_ON_A_PAGE, Q
from tracker.ledger import log
from tracker.models import BodyKind, Form, InstrumentKind, Mechanism, Nature, Participation, Reply, Side, What
from tracker.models.metrics import Shape
from tracker.models.progress import OBSERVED
from tracker.records.baseline import NO_REPLY
from tracker.records.dictionary import Column, columns_of
from tracker.snapshot.plan import NotInRegistry

from . import items
from .answers import WrittenRows, as_json
from .parameters import KNOWN, ON, PAGE, PAGE_SIZE, Codes, Keys, Listed, RecordDay, matching

MOST_HITS = 100  # on a page of the search: a part of a text is cut out for each
OF_PLAN, OF_LOG = ("plan", "code"), ("entry",)


class Resource:
    """A list of the API and its details: the rows of the table of the public files that bears its name.

    ``one`` is for “There is no … with the code …”; ``on`` whether it can be had as of a past day, and not only as it
    was known then; ``filters`` are its parameters by name.
    """

    def __init__(self, name, one, about, *, on=False, **filters):
        self.name, self.one, self.about, self.on, self.filters = name, one, about, on, filters

    @property
    def table(self):
        return TABLES[self.name]

    @property
    def key(self):
        return OF_LOG if self.table.primary == ("seq",) else self.table.primary

    @cached_property
    def columns(self):
        return (*([PLAN_OF_A_ROW] if self.table.before else []), *columns_of(self.table.record))

    @property
    def schema(self):
        return self.table.record.__name__.removesuffix("Record")

    @cached_property
    def list_query(self):
        pages = {"entry": ENTRY, "page": PAGE, "page_size": PAGE_SIZE}
        return type("ListQuery", (Query,), {**self.filters, **self._dates(), "fields": self._keys(), **pages})

    @cached_property
    def detail_query(self):
        return type("DetailQuery", (Query,), {**self._dates(), "fields": self._keys()})

    def _dates(self):
        return {"on": ON, "known": KNOWN} if self.on else {"known": KNOWN}

    def _keys(self):
        return Keys(column.name for column in self.columns)

    def select(self, snapshot, query):
        """The items that an address asks for: something with a length that can be cut."""
        self._check_codes(snapshot, query)
        return matching(self.filters, query.values, list(items.items_of(snapshot, self.name).values()))

    def _check_codes(self, snapshot, query):
        for name, parameter in self.filters.items():
            if isinstance(parameter, Codes):
                parameter.check(name, query.values.get(name, ()), snapshot)

    def find(self, snapshot, key):
        """The item of a key. Raises ``NotInRegistry``."""
        if self.key == OF_PLAN:
            snapshot.plan(key[0])
        try:
            return items.items_of(snapshot, self.name)[key]
        except KeyError:
            words = {"noun": self.one, "key": key[-1]}
            if self.key == OF_LOG:
                raise NotInRegistry(_("Log entry %(key)s is no %(noun)s that counts on that day.") % words) from None
            raise NotInRegistry(_("There is no %(noun)s with the code %(key)s.") % words) from None

    def row(self, item):
        """The public row of an item: the keys of the files, exact numbers and dates as texts, blanks as null."""
        return self.table.row(({"plan": item.plan}, item.record) if self.table.before else item.record)

    def cut(self, item, chosen):
        """The row of an item with the keys that were chosen; with all of them where none was."""
        row = self.row(item)
        return {name: row[name] for name in row if name in chosen} if chosen else row

    def rows(self, _snapshot, some, chosen):
        return [self.cut(item, chosen) for item in some]


class FilteredSet(Resource):
    """Rows of plans by the filters of a page, over one plan or several.

    The API has days and pages for all its lists, and keys for columns.
    """

    def __init__(self, filterset, one, about, *, on=False):
        elsewhere = ("on", "known", "columns", *ONLY_ON_THE_PAGE)
        own = {name: each.field for name, each in filterset.base_filters.items() if name not in elsewhere}
        super().__init__(filterset.name, one, about, on=on, plan=PLAN, **own)
        self.filterset = filterset

    def select(self, snapshot, query):
        """The rows of all plans, or of those that are asked for. A value has to be one in some of the plans."""
        self._check_codes(snapshot, query)
        plans = [plan for code, plan in snapshot.plans.items() if code in query.values.get("plan", snapshot.plans)]
        of_plans = {name for name, each in self.filters.items() if isinstance(each, ChoicesOfPlan)} & set(query.values)
        offered = {plan.code: form_of(snapshot, self.filterset, plan.code).base_fields for plan in plans}
        for name in of_plans:
            for value in query.values[name]:
                if not any(value in fields[name].words for fields in offered.values()):
                    refuse(name, [value], _("there is nothing with this code."))
        filters = []
        for plan in plans:
            data = QueryDict(mutable=True)
            for name in self.filters.keys() & query.values.keys() - {"plan"}:
                known = offered[plan.code][name].words if name in of_plans else query.data.getlist(name)
                data.setlist(name, [value for value in query.data.getlist(name) if value in known])
            if all(data.getlist(name) for name in of_plans):
                filters.append(self.filterset(data, snapshot=snapshot, plan=plan, paged=False))
        rows = [row for each in filters for row in each.selected()]
        return items.Items(filters[0].over_plans(rows) if len(filters) > 1 else rows)

    def rows(self, snapshot, some, chosen):
        """The rows of some items; whole ones as the JSON that each was written to when it was first asked for."""
        if chosen:
            return super().rows(snapshot, some, chosen)
        texts, rows = items.rows_as_json(snapshot, self.name), WrittenRows()
        for item in some:
            key = (item.record.plan, item.record.code)
            if key not in texts:
                texts[key] = as_json(self.row(item))
            rows.append(texts[key])
        return rows


class Ledger(Resource):
    """The log, which is read from the database a page at a time."""

    def select(self, snapshot, query):
        return log.Rows(snapshot.known, query.get("after"))

    def find(self, snapshot, key):
        """The entry of a number. Raises ``NotInRegistry``."""
        return items.entry(key[0], snapshot.known)

    def row(self, item):
        return self.table.row(item)


class SearchQuery(Query):
    """Words to look for in everything."""

    q, kind, known, entry, page = Q, KIND, KNOWN, ENTRY, PAGE
    page_size = WholeNumber(_("Rows on a page"), most=MOST_HITS, usual=ROWS_ON_A_PAGE, sentence=FROM_TO)


PLAN_OF_A_ROW = Column("plan", _("Code of the plan; blank for a value of a metric, which plans share"), filled=False)
PLAN = Codes(_("Code of the plan"), "plans")
CATEGORY = Codes(_("Code of a right; those below it are included"), "categories", of_plans=True)
COMMITMENT = Codes(_("Code of a commitment"), "commitments", of_plans=True)
METRIC = Codes(_("Code of a metric"), "metrics")
INSTRUMENT = Codes(_("Code of an instrument"), "instruments")
NORM = Codes(_("Code of an article or target"), "norms")
ORIGIN = Codes(_("Code of the body whose statement it is"), "bodies")
SIDE = Listed(_("Side relative to the plan"), Side.choices)
AS_OF = {
    "as_of_after": RecordDay(_("Speaks of that day or a later one"), "as_of", operator.ge),
    "as_of_before": RecordDay(_("Speaks of that day or an earlier one"), "as_of", operator.le),
}
RECORDED = [pair for pair in What.choices if pair[0] in OBSERVED]


RESOURCES = (
    Resource("plans", _("plan"), _("Published plans of action.")),
    Resource(
        "categories",
        _("chapter or section"),
        _("Chapters and sections of the plans: the rights that promises stand under."),
        plan=PLAN,
    ),
    Resource(
        "provisions",
        _("paragraph"),
        _("Paragraphs of the plans that promise something."),
        plan=PLAN,
        category=CATEGORY,
        form=Listed(_("How it stands in the plan"), Form.choices),
    ),
    FilteredSet(
        CommitmentFilter,
        _("commitment"),
        _("The promises, each with what became of it. Filters are those of the explorer."),
        on=True,
    ),
    FilteredSet(
        BaselineFilter,
        _("figure or act of the baseline"),
        _("Figures and acts that a document of the State reported of the time before a plan."),
    ),
    Resource(
        "metrics",
        _("metric"),
        _("What is measured in the world, shared by every promise that it answers."),
        producer=Codes(_("Code of the body that publishes it"), "bodies"),
        shape=Listed(_("Number or ladder of stages"), Shape.choices),
        nature=Listed(_("How a number relates to time"), Nature.choices),
    ),
    Resource(
        "updates",
        _("update"),
        _("What was recorded, with its sources: values, stages, judgements and searches that count today."),
        plan=PLAN,
        metric=METRIC,
        commitment=COMMITMENT,
        what=Listed(_("What it records"), RECORDED),
        origin=ORIGIN,
        **AS_OF,
        on=True,
    ),
    Resource(
        "assessments",
        _("finding"),
        _("What others published of a promise or a right: the State, UN bodies and others, side by side."),
        plan=PLAN,
        commitment=COMMITMENT,
        category=CATEGORY,
        side=SIDE,
        says=Listed(_("What it says"), SAYS),
        origin=ORIGIN,
        **AS_OF,
        on=True,
    ),
    Resource(
        "sources",
        _("source"),
        _("Publications that are cited."),
        publisher=Codes(_("Code of the body that carried it"), "bodies"),
    ),
    Resource(
        "bodies",
        _("body"),
        _("Organisations that make statements or carry them."),
        kind=Listed(_("What sort of organisation"), BodyKind.choices),
        side=SIDE,
    ),
    Resource("groups", _("group"), _("Groups of people whom promises are meant for.")),
    Resource(
        "instruments",
        _("instrument"),
        _("Treaties, sets of goals and review mechanisms that promises are linked to."),
        plan=Codes(_("Code of a plan with promises linked to it"), "plans"),
        kind=Listed(_("What sort of instrument"), InstrumentKind.choices),
        body=Codes(_("Code of the body that reviews it"), "bodies"),
    ),
    Resource(
        "norms",
        _("article or target"),
        _("Articles, targets and steps of the instruments, by official number; titles are this site's."),
        plan=Codes(_("Code of a plan with promises linked to it"), "plans"),
        instrument=INSTRUMENT,
        norm=NORM,
        commitment=Codes(_("Code of a commitment linked to it"), "commitments", of_plans=True),
    ),
    Resource(
        "adherences",
        _("adherence"),
        _("Whether and since when the State that made a plan takes part in an instrument."),
        plan=PLAN,
        instrument=INSTRUMENT,
        participation=Listed(_("How the State takes part"), Participation.choices),
    ),
    Resource(
        "norm-links",
        _("link"),
        _("This site's own links from promises to norms, with reasons; they say nothing of compliance."),
        plan=PLAN,
        instrument=INSTRUMENT,
        norm=NORM,
        commitment=COMMITMENT,
    ),
    Resource(
        "recommendations",
        _("recommendation"),
        _("What United Nations mechanisms recommended to a State, by symbol and paragraph, and what it replied."),
        plan=Codes(_("Code of a plan with promises linked to it"), "plans"),
        mechanism=Listed(_("Which of the three mechanisms recommends"), Mechanism.choices),
        body=Codes(_("Code of the body that recommends"), "bodies"),
        reply=Listed(_("What the State replied; none: no reply is on record"), [*Reply.choices, (NO_REPLY, "")]),
        norm=NORM,
        commitment=Codes(_("Code of a commitment linked to it"), "commitments", of_plans=True),
    ),
    Resource(
        "recommendation-links",
        _("link"),
        _("This site's own links from promises to recommendations, with reasons; they judge neither."),
        plan=PLAN,
        recommendation=Codes(_("Code of a recommendation"), "recommendations"),
        commitment=COMMITMENT,
    ),
    Ledger(
        "ledger",
        _("entry"),
        _("The public log, oldest entry first: every publication, linked by hashes."),
        after=WholeNumber(_("Entries after this one"), least=0, most=LAST_ENTRY, usual=0, sentence=FROM_TO),
    ),
)
