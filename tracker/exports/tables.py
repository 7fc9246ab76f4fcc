"""The tables of the public files: what each holds, its key, which other tables it names, how records become rows."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tracker import schema
from tracker.ledger import log
from tracker.records import baseline, dictionary, progress, registry
from tracker.records.dictionary import CITED, JSON, NUMBER, Column, columns_of
from tracker.records.registry import json_value, row_of
from tracker.snapshot.plan import NotInRegistry

# The table, by its name and its columns, that a column names, with the columns that stand before it there.
NAMED = {
    "entry": ("ledger", "seq"),
    "plan": ("plans", "code"),
    "provision": ("provisions", "plan", "code"),
    "commitment": ("commitments", "plan", "code"),
    "metric": ("metrics", "code"),
    "source": ("sources", "code"),
    "instrument": ("instruments", "code"),
    "norm": ("norms", "code"),
    "recommendation": ("recommendations", "code"),
    "replies_to": ("", "entry"),  # of the same table
} | dict.fromkeys(("publisher", "producer", "origin", "body"), ("bodies", "code"))


class NoTable(NotInRegistry):
    """There is no table of this name. The message is a sentence for people."""


@dataclass(frozen=True)
class FileTable:
    """A kind of record as a file: each record is found in a snapshot by ``records``, with columns before its own."""

    name: str
    title: Any
    about: Any
    record: type
    records: Callable[[Any], Any]
    names: tuple[str, ...] = ()  # columns that name a row of another table
    primary: tuple[str, ...] = ("code",)
    before: tuple[Column, ...] = ()  # what ``records`` then gives of each record, in a dictionary beside it
    read: Callable[[Any], dict[str, Any]] | None = None  # makes a row of what is no record

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return (*self.before, *columns_of(self.record))

    def columns_in(self, snapshot: Any) -> tuple[Column, ...]:
        """Its columns as of a snapshot; most tables have the same whatever is on record."""
        del snapshot
        return self.columns

    def csv_columns(self, snapshot: Any) -> tuple[Column, ...]:
        """The columns of the CSV file: citations have a table of their own there."""
        return tuple(column for column in self.columns_in(snapshot) if column.type != CITED)

    @property
    def refers(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """Own columns, the table that they name, and its columns."""
        named = [(name, *NAMED[name]) for name in self.names]
        return [((*theirs[:-1], name), table, tuple(theirs)) for name, table, *theirs in named]

    def row(self, item: Any) -> dict[str, Any]:
        """What ``records`` gives as plain values."""
        if self.read is not None:
            return self.read(item)
        before, record = item if self.before else ({}, item)
        return before | row_of(record, settings.SITE_URL)

    def rows(self, snapshot: Any) -> Iterable[dict[str, Any]]:
        return map(self.row, self.records(snapshot))

    def cells(self, snapshot: Any, records: Iterable[Any]) -> Iterator[list[Any]]:
        """Rows of the CSV file for some of its records."""
        columns = [(column.name, column.type == JSON) for column in self.csv_columns(snapshot)]
        for row in map(self.row, records):
            yield [_json(row[name]) if as_json else row[name] for name, as_json in columns]


class ByYear(FileTable):
    """Every value of every metric in the year in which its period ends: a row a series, a column a year.

    Nothing is merged: whose figure it is, how it fits, of whom it speaks and what its bound leaves open make a row of
    their own; so does a second figure of the same for the same year.
    """

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Those that stand before the years."""
        return self.before

    def columns_in(self, snapshot: Any) -> tuple[Column, ...]:
        """The same and the years from the first on record to the last."""
        years_held = {name for row in self.records(snapshot) for name in row} - {column.name for column in self.columns}
        years = range(int(min(years_held)), int(max(years_held)) + 1) if years_held else ()
        words = _("Value in the unit, of the period that ended in %(year)s")
        return (*self.columns, *(Column(str(year), words % {"year": year}, NUMBER, filled=False) for year in years))

    def row(self, item: Any) -> dict[str, Any]:
        return dict(item)

    def rows(self, snapshot: Any) -> Iterable[dict[str, Any]]:
        blank = dict.fromkeys(column.name for column in self.columns_in(snapshot))
        return (blank | row for row in self.records(snapshot))

    def cells(self, snapshot: Any, records: Iterable[Any]) -> Iterator[list[Any]]:
        names = [column.name for column in self.csv_columns(snapshot)]
        return ([row.get(name) for name in names] for row in records)


def _by_year(snapshot):
    """The series of every metric, by metric and in the order in which they begin."""
    rows = []
    for code, updates in snapshot.updates.items():
        series = {}
        for u in sorted(updates, key=lambda u: (u.as_of, u.entry)):
            if u.value is None:
                continue
            key, line, year = (u.origin, u.fits, u.scope, u.bound, not u.year_not_stated), 1, str(u.as_of.year)
            while year in series.setdefault((*key, line), {}):
                line += 1
            series[*key, line][year] = json_value(u.value)
        metric = snapshot.metrics[code]
        for number, ((*key, _line), years) in enumerate(series.items(), 1):
            named = zip(("origin", "fits", "scope", "bound", "year_stated"), map(json_value, key), strict=True)
            rows.append(
                {"metric": code, "series": number, "name": metric.name, "unit": metric.unit, **dict(named), **years}
            )
    return rows


def _json(value):
    return json.dumps(value, ensure_ascii=False) if value else None


def _plans(snapshot):
    """What plans say of themselves, with the code of whoever published each."""
    names = registry.field_names(registry.PlanRecord)
    rows = ({name: getattr(plan, name) for name in names} for plan in snapshot.plans.values())
    return [registry.PlanRecord(**row | {"publisher": row["publisher"].code}) for row in rows]


def _of_plans(name):
    """The records of a kind in every plan, in the order of each."""
    return lambda snapshot: [record for plan in snapshot.plans.values() for record in getattr(plan, name).values()]


def _links(name):
    """Links to norms, or to recommendations, in every plan, in the order of its promises."""
    return lambda snapshot: [
        link for plan in snapshot.plans.values() for links in getattr(plan, name).values() for link in links
    ]


def _shared(name):
    """The records of a kind that plans share."""
    return lambda snapshot: list(getattr(snapshot, name).values())


def _updates(snapshot):
    """Updates that count, with the plan of those that speak of a promise."""
    pairs = [({"plan": None}, row) for rows in snapshot.updates.values() for row in rows]
    for plan in snapshot.plans.values():
        pairs += [({"plan": plan.code}, row) for rows in plan.updates.values() for row in rows if not row.metric]
    return sorted(pairs, key=_entry)


def _assessments(snapshot):
    """Findings that count, with their plan. An answer names the finding as it stands now, corrections followed."""
    pairs = (
        ({"plan": plan.code}, _answering(snapshot, row))
        for plan in snapshot.plans.values()
        for part in (plan.findings, plan.findings_on)
        for rows in part.values()
        for row in rows
    )
    return sorted(pairs, key=_entry)


def _entry(pair):
    """The place in the log of a record behind what stands before it in its row."""
    return pair[1].entry


def _answering(snapshot, row):
    """A finding that names the one which it answers as that stands now: corrections followed, none if withdrawn."""
    entry = row.replies_to
    while entry in snapshot.replaced_by:
        by = snapshot.replaced_by[entry]
        entry = None if by.withdrawn else by.entry
    return row if entry == row.replies_to else replace(row, replies_to=entry)


def _citations(snapshot):
    """Each citation with the table and log entry of the row that it supports, and its place among that row's."""
    return [
        ({"table": name, "entry": row.entry, "position": position}, cited)
        for name, pairs in (("updates", _updates(snapshot)), ("assessments", _assessments(snapshot)))
        for _plan, row in pairs
        for position, cited in enumerate(row.evidence, start=1)
    ]


def _amendments(snapshot):
    """Changes of what is in the registry, with what they changed."""
    pairs = []
    for (kind, *plan, code), rows in snapshot.amendments.items():
        subject = {"plan": plan[0] if plan else None, "table": KINDS[kind], "code": code}
        pairs += [(subject, row) for row in rows]
    return sorted(pairs, key=_entry)


def _log_row(row):
    return {name: json_value(row.get(name)) for name in registry.field_names(registry.LedgerRecord)}


KINDS = {table.name: table.public for table in schema.TABLES}
OF_UPDATES = {column.name: column for column in columns_of(progress.UpdateRecord)}
SERIES = (
    Column("metric", _("Code of the metric")),
    Column(
        "series", _("Number of the series within its metric, from 1; another day may count otherwise"), dictionary.WHOLE
    ),
    Column("name", _("Name of the metric")),
    Column("unit", _("Unit of the numbers")),
    *(OF_UPDATES[name] for name in ("origin", "fits", "scope", "bound")),
    Column("year_stated", _("Whether the sources say of which years the figures are"), dictionary.TRUTH),
)
PLAN_AND_CODE = ("plan", "code")
PLAN = Column("plan", _("Code of the plan; blank where a metric is spoken of, which plans share"), filled=False)
CITING = (
    Column("table", _("Table of the row that it supports"), words=dict.fromkeys(("updates", "assessments"), "")),
    Column("entry", _("Log entry of that row"), dictionary.WHOLE),
    Column("position", _("Place among what that row cites, from 1"), dictionary.WHOLE),
)
AMENDED = (
    Column("plan", _("Code of the plan; blank for what plans share, and for a plan itself"), filled=False),
    Column("table", _("Table of what was changed"), words=dict.fromkeys(KINDS.values(), "")),
    Column("code", _("Code of what was changed")),
)

# fmt: off
TABLES = {table.name: table for table in (
    FileTable("plans", _("Plans"), _("Published plans of action."),
        registry.PlanRecord, _plans, ("publisher",)),
    FileTable("categories", _("Categories"), _("Chapters and sections of each plan: its tree of rights, in its order."),
        registry.CategoryRecord, _of_plans("categories"), ("plan",), PLAN_AND_CODE),
    FileTable("provisions", _("Provisions"),
        _("Paragraphs that promise something, in the order of the plan, with introductions and stated objectives."),
        registry.ProvisionRecord, _of_plans("provisions"), ("plan",), PLAN_AND_CODE),
    FileTable("commitments", _("Commitments"),
        _("Every promise with its test, and what became of it as of the day asked for."),
        registry.CommitmentRecord, _of_plans("commitments"), ("plan", "provision", "metric"), PLAN_AND_CODE),
    FileTable("baseline", _("Baseline"),
        _("Figures and acts that an earlier document of the State reported of the time before a plan."),
        baseline.BaselineRecord, _of_plans("baseline"), ("plan", "source"), PLAN_AND_CODE),
    FileTable("passages", _("Passages"),
        _("Paragraphs of that document with figures that are not recorded, each with the reason."),
        baseline.PassageRecord, _of_plans("passages"), ("plan", "source"), PLAN_AND_CODE),
    FileTable("metrics", _("Metrics"), _("What is measured in the world, shared by every promise that it answers."),
        registry.MetricRecord, _shared("metrics"), ("producer",)),
    FileTable("updates", _("Updates"),
        _("Values, stages, judgements and searches that count now; what they replaced is in the log."),
        progress.UpdateRecord, _updates, ("metric", "commitment", "origin", "entry"), ("entry",), (PLAN,)),
    ByYear("series-wide", _("Series by year"),
        _("The values of all metrics side by side: a row a series, a column a year, by the end of the period."),
        progress.UpdateRecord, _by_year, ("metric", "origin"), ("metric", "series"), SERIES),
    FileTable("assessments", _("Assessments"), _("What others find and claim, on a promise or on a right as a whole."),
        progress.AssessmentRecord, _assessments, ("plan", "origin", "replies_to", "entry"), ("entry",),
        (replace(PLAN, help=_("Code of the plan"), filled=True),)),
    FileTable("citations", _("Citations"),
        _("The evidence: which publication is cited for which update or finding, and where in it."),
        progress.CitedRecord, _citations, ("entry", "source"), ("entry", "position"), CITING),
    FileTable("sources", _("Sources"),
        _("Publications that evidence points at. Where no address was confirmed, none is given."),
        registry.SourceRecord, _shared("sources"), ("publisher",)),
    FileTable("bodies", _("Bodies"),
        _("Organisations that promise, measure, publish or find, and the side on which each stands."),
        registry.BodyRecord, _shared("bodies")),
    FileTable("instruments", _("Instruments"),
        _("Treaties, sets of goals and review mechanisms that promises are linked to."),
        baseline.InstrumentRecord, _shared("instruments"), ("body",)),
    FileTable("norms", _("Norms"),
        _("Articles, targets and steps of the instruments, by official number; titles are this site's."),
        baseline.NormRecord, _shared("norms"), ("instrument",)),
    FileTable("adherences", _("Adherences"),
        _("Whether and since when the State that made a plan takes part in an instrument, by documents at hand."),
        baseline.AdherenceRecord, _of_plans("adherences"), ("plan", "instrument", "source"), PLAN_AND_CODE),
    FileTable("norm-links", _("Links to norms"),
        _("This site's own links from promises to norms, each with a reason. They say nothing of compliance."),
        baseline.NormLinkRecord, _links("links"), ("plan", "commitment", "norm", "instrument"), PLAN_AND_CODE),
    FileTable("recommendations", _("Recommendations"),
        _("What United Nations mechanisms recommended to a State, by symbol and paragraph, and what it replied."),
        baseline.RecommendationRecord, _shared("recommendations"), ("body", "source")),
    FileTable("recommendation-links", _("Links to recommendations"),
        _("This site's own links from promises to recommendations, each with a reason. They judge neither."),
        baseline.RecommendationLinkRecord, _links("recommended"), ("plan", "commitment", "recommendation"),
        PLAN_AND_CODE),
    FileTable("groups", _("Groups"), _("People whom promises are meant for."), registry.GroupRecord, _shared("groups")),
    FileTable("amendments", _("Amendments"),
        _("Changes of what the other tables say, updates and findings apart: old value, new value, why."),
        progress.AmendmentRecord, _amendments, ("entry",), ("entry",), AMENDED),
    FileTable("ledger", _("Ledger"),
        _("The public log: everything that was ever published, each entry linked to the one before by its hash."),
        registry.LedgerRecord, lambda snapshot: log.Rows(snapshot.known), (), ("seq",), read=_log_row),
)}
# fmt: on


def table(name):
    """The table of that name. Raises ``NoTable``."""
    try:
        return TABLES[name]
    except KeyError:
        raise NoTable(f"There is no table with the name {name}.") from None
