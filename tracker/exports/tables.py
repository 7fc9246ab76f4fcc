"""The tables of the public files: what each holds, its columns, its key, and which other tables it names."""

import dataclasses
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tracker.ledger import log
from tracker.records import baseline, dictionary, registry
from tracker.records.dictionary import Column, columns_of
from tracker.records.registry import json_value

from .shape import NoTable, Table, row_of


def _plans(snapshot):
    names = [each.name for each in dataclasses.fields(registry.PlanRecord)]
    for plan in snapshot.plans.values():
        values = {name: getattr(plan, name) for name in names}
        yield registry.PlanRecord(**values | {"publisher": plan.publisher.code})


def _of_plans(name):
    """The records of a kind in every plan, in the order of each."""
    return lambda snapshot: [record for plan in snapshot.plans.values() for record in getattr(plan, name).values()]


def _links(snapshot):
    """Links to norms in every plan, in the order of its promises."""
    return [link for plan in snapshot.plans.values() for links in plan.links.values() for link in links]


def _shared(name):
    """The records of a kind that plans share."""
    return lambda snapshot: list(getattr(snapshot, name).values())


def _updates(snapshot):
    """Updates that count, with the plan of those that speak of a promise, in the order of the log."""
    found = [(None, row) for rows in snapshot.updates.values() for row in rows]
    for plan in snapshot.plans.values():
        found += [(plan.code, row) for rows in plan.updates.values() for row in rows if not row.metric]
    return sorted(found, key=lambda pair: pair[1].entry)


def _assessments(snapshot):
    """Findings that count, with their plan. An answer names the finding as it stands now, corrections followed."""
    found = []
    for plan in snapshot.plans.values():
        for part in (plan.findings, plan.findings_on):
            found += [(plan.code, answering(snapshot, row)) for rows in part.values() for row in rows]
    return sorted(found, key=lambda pair: pair[1].entry)


def answering(snapshot, row):
    """A finding that names the one which it answers as that stands now: corrections followed, none if withdrawn."""
    entry = row.replies_to
    while entry in snapshot.replaced_by:
        by = snapshot.replaced_by[entry]
        entry = None if by.withdrawn else by.entry
    return row if entry == row.replies_to else replace(row, replies_to=entry)


def _with_plan(pair):
    return row_of(pair[1], plan=pair[0])


def _citations(snapshot):
    """Each citation with the table and log entry of the row that it supports, and its place among that row's."""
    found = []
    for name, pairs in (("updates", _updates(snapshot)), ("assessments", _assessments(snapshot))):
        for _plan, row in pairs:
            for position, cited in enumerate(row.evidence, start=1):
                found.append(({"table": name, "entry": row.entry, "position": position}, cited))
    return found


def _amendments(snapshot):
    """Changes of what is in the registry, with what they changed, in the order of the log."""
    found = []
    for key, rows in snapshot.amendments.items():
        plan, code = (key[1], key[2]) if len(key) == 3 else (None, key[1])
        found += [({"plan": plan, "table": KINDS[key[0]], "code": code}, row) for row in rows]
    return sorted(found, key=lambda pair: pair[1].entry)


def _with_place(pair):
    return row_of(pair[1], **pair[0])


LEDGER = tuple(each.name for each in dataclasses.fields(registry.LedgerRecord))


def _log_row(row):
    return {name: json_value(row.get(name)) for name in LEDGER}


KINDS = {"commitment": "commitments", "metric": "metrics", "body": "bodies", "source": "sources"}
PLAN = Column("plan", _("Code of the plan; blank where a metric is spoken of, which plans share"), filled=False)
TO_PLAN = (("plan",), "plans", ("code",))
TO_LOG = (("entry",), "ledger", ("seq",))
CITING = (
    Column("table", _("Table of the row that it supports"), values=("updates", "assessments")),
    Column("entry", _("Log entry of that row"), dictionary.WHOLE),
    Column("position", _("Place among what that row cites, from 1"), dictionary.WHOLE),
)
AMENDED = (
    Column("plan", _("Code of the plan, for a commitment"), filled=False),
    Column("table", _("Table of what was changed"), values=tuple(KINDS.values())),
    Column("code", _("Code of what was changed")),
)


TABLES = {
    table.name: table
    for table in (
        Table(
            "plans",
            _("Plans"),
            _("Published plans of action."),
            columns_of(registry.PlanRecord),
            ("code",),
            lambda snapshot: list(_plans(snapshot)),
            row_of,
            ((("publisher",), "bodies", ("code",)),),
        ),
        Table(
            "categories",
            _("Categories"),
            _("Chapters and sections of each plan: its tree of rights, in its order."),
            columns_of(registry.CategoryRecord),
            ("plan", "code"),
            _of_plans("categories"),
            row_of,
            (TO_PLAN,),
        ),
        Table(
            "provisions",
            _("Provisions"),
            _("Paragraphs that promise something, in the order of the plan."),
            columns_of(registry.ProvisionRecord),
            ("plan", "code"),
            _of_plans("provisions"),
            row_of,
            (TO_PLAN,),
        ),
        Table(
            "commitments",
            _("Commitments"),
            _("Every promise with its test, and what became of it as of the day asked for."),
            columns_of(registry.CommitmentRecord),
            ("plan", "code"),
            _of_plans("commitments"),
            lambda record: record.public(settings.SITE_URL),
            (
                TO_PLAN,
                (("plan", "provision"), "provisions", ("plan", "code")),
                (("metric",), "metrics", ("code",)),
            ),
        ),
        Table(
            "baseline",
            _("Baseline"),
            _("Figures and acts that an earlier document of the State reported of the time before a plan."),
            columns_of(baseline.BaselineRecord),
            ("plan", "code"),
            _of_plans("baseline"),
            lambda record: record.public(settings.SITE_URL),
            (TO_PLAN, (("source",), "sources", ("code",))),
        ),
        Table(
            "passages",
            _("Passages"),
            _("Paragraphs of that document with figures that are not recorded, each with the reason."),
            columns_of(baseline.PassageRecord),
            ("plan", "code"),
            _of_plans("passages"),
            row_of,
            (TO_PLAN, (("source",), "sources", ("code",))),
        ),
        Table(
            "metrics",
            _("Metrics"),
            _("What is measured in the world, shared by every promise that it answers."),
            columns_of(registry.MetricRecord),
            ("code",),
            _shared("metrics"),
            row_of,
            ((("producer",), "bodies", ("code",)),),
        ),
        Table(
            "updates",
            _("Updates"),
            _("Values, stages, judgements and searches that count now; what they replaced is in the log."),
            (PLAN, *columns_of(registry.UpdateRecord)),
            ("entry",),
            _updates,
            _with_plan,
            (
                (("metric",), "metrics", ("code",)),
                (("plan", "commitment"), "commitments", ("plan", "code")),
                (("origin",), "bodies", ("code",)),
                TO_LOG,
            ),
        ),
        Table(
            "assessments",
            _("Assessments"),
            _("What others find and claim, on a promise or on a right as a whole."),
            (replace(PLAN, help=_("Code of the plan"), filled=True), *columns_of(registry.AssessmentRecord)),
            ("entry",),
            _assessments,
            _with_plan,
            (TO_PLAN, (("origin",), "bodies", ("code",)), (("replies_to",), "", ("entry",)), TO_LOG),
        ),
        Table(
            "citations",
            _("Citations"),
            _("The evidence: which publication is cited for which update or finding, and where in it."),
            (*CITING, *columns_of(registry.CitedRecord)),
            ("entry", "position"),
            _citations,
            _with_place,
            (TO_LOG, (("source",), "sources", ("code",))),
        ),
        Table(
            "sources",
            _("Sources"),
            _("Publications that evidence points at. Where no address was confirmed, none is given."),
            columns_of(registry.SourceRecord),
            ("code",),
            _shared("sources"),
            row_of,
            ((("publisher",), "bodies", ("code",)),),
        ),
        Table(
            "bodies",
            _("Bodies"),
            _("Organisations that promise, measure, publish or find, and the side on which each stands."),
            columns_of(registry.BodyRecord),
            ("code",),
            _shared("bodies"),
            row_of,
        ),
        Table(
            "instruments",
            _("Instruments"),
            _("Treaties, sets of goals and review mechanisms that promises are linked to."),
            columns_of(baseline.InstrumentRecord),
            ("code",),
            _shared("instruments"),
            row_of,
            ((("body",), "bodies", ("code",)),),
        ),
        Table(
            "norms",
            _("Norms"),
            _("Articles, targets and steps of the instruments, by official number; titles are this site's."),
            columns_of(baseline.NormRecord),
            ("code",),
            _shared("norms"),
            row_of,
            ((("instrument",), "instruments", ("code",)),),
        ),
        Table(
            "adherences",
            _("Adherences"),
            _("Whether and since when the State that made a plan takes part in an instrument, by documents at hand."),
            columns_of(baseline.AdherenceRecord),
            ("plan", "code"),
            _of_plans("adherences"),
            row_of,
            (
                TO_PLAN,
                (("instrument",), "instruments", ("code",)),
                (("source",), "sources", ("code",)),
            ),
        ),
        Table(
            "norm-links",
            _("Links to norms"),
            _("This site's own links from promises to norms, each with a reason. They say nothing of compliance."),
            columns_of(baseline.NormLinkRecord),
            ("plan", "code"),
            _links,
            row_of,
            (
                TO_PLAN,
                (("plan", "commitment"), "commitments", ("plan", "code")),
                (("norm",), "norms", ("code",)),
                (("instrument",), "instruments", ("code",)),
            ),
        ),
        Table(
            "groups",
            _("Groups"),
            _("People whom promises are meant for."),
            columns_of(registry.GroupRecord),
            ("code",),
            _shared("groups"),
            row_of,
        ),
        Table(
            "amendments",
            _("Amendments"),
            _("Changes of public wording, targets, deadlines, metrics, bodies and sources: old value, new value, why."),
            (*AMENDED, *columns_of(registry.AmendmentRecord)),
            ("entry",),
            _amendments,
            _with_place,
            (TO_LOG,),
        ),
        Table(
            "ledger",
            _("Ledger"),
            _("The public log: everything that was ever published, each entry linked to the one before by its hash."),
            columns_of(registry.LedgerRecord),
            ("seq",),
            lambda snapshot: log.Rows(snapshot.known),
            _log_row,
        ),
    )
}


def table(name):
    """The table of that name. Raises ``NoTable``."""
    try:
        return TABLES[name]
    except KeyError:
        raise NoTable(f"There is no table with the name {name}.") from None
