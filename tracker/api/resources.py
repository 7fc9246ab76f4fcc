"""What the API gives: each list with the record that its rows are, how a row is found again, and what it is asked."""

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import labels
from tracker.exports.shape import row_of
from tracker.filters.baseline import TOLD, has_words_of
from tracker.models import BaselineForm, BodyKind, Bound, Form, InstrumentKind, Nature, Participation, Side, What
from tracker.models.metrics import Shape
from tracker.records import baseline, registry
from tracker.records.dictionary import Column, columns_of
from tracker.snapshot.plan import NotInRegistry

from . import commitments, items, ledger
from .parameters import (
    KNOWN,
    ON,
    PAGE,
    PAGE_SIZE,
    Parameter,
    after,
    before,
    choice,
    code,
    fields_of,
    matching,
    refuse_unknown_codes,
)
from .rendering import Written, as_json
from .serializers import serializer_of

CODE, OF_PLAN, ENTRY = ("code",), ("plan", "code"), ("entry",)


@dataclasses.dataclass(frozen=True)
class Resource:
    """A list of the API and its details.

    ``items(snapshot)`` gives every item by its key, in order; ``key`` names the parts of a key as addresses have them.
    """

    name: str
    one: str  # for “There is no … with the code …”
    about: str
    key: tuple
    record: type
    items: object
    filters: tuple = ()
    dates: tuple = (KNOWN,)
    before: tuple = ()  # columns of a row that the record does not hold

    @property
    def columns(self):
        """The columns of a row, in order."""
        return (*self.before, *columns_of(self.record))

    @property
    def serializer(self):
        """The serializer class that describes a row."""
        return serializer_of(self.record, self.before)

    @property
    def of_list(self):
        """The parameters of the list."""
        return (*self.filters, *self.dates, fields_of(column.name for column in self.columns), PAGE, PAGE_SIZE)

    @property
    def of_detail(self):
        """The parameters of a detail."""
        return (*self.dates, fields_of(column.name for column in self.columns))

    def select(self, snapshot, asked, query):
        """The items that an address asks for: something with a length that can be cut."""
        refuse_unknown_codes(self.filters, asked, snapshot)
        return matching(self.filters, asked, list(self.items(snapshot).values()))

    def find(self, snapshot, key):
        """The item of a key. Raises ``NotInRegistry``."""
        if self.key == OF_PLAN:
            snapshot.plan(key[0])
        try:
            return self.items(snapshot)[key if len(key) > 1 else key[0]]
        except KeyError:
            labels = {"noun": self.one, "key": key[-1]}
            if self.key == ENTRY:
                raise NotInRegistry(_("Log entry %(key)s is no %(noun)s that counts on that day.") % labels) from None
            raise NotInRegistry(_("There is no %(noun)s with the code %(key)s.") % labels) from None

    def row(self, item):
        """The public row of an item: the keys of the files, exact numbers and dates as texts, blanks as null."""
        return row_of(item.record, **({"plan": item.plan} if self.before else {}))

    def cut(self, item, chosen):
        """The row of an item with the keys that were chosen; with all of them where none was."""
        row = self.row(item)
        return {name: row[name] for name in row if name in chosen} if chosen else row

    def rows(self, snapshot, some, chosen):
        """The rows of some items."""
        return [self.cut(item, chosen) for item in some]


class Commitments(Resource):
    """The promises, by the filters of the explorer."""

    def select(self, snapshot, asked, query):
        """The promises of all plans, or of those that are asked for."""
        refuse_unknown_codes(self.filters, asked, snapshot)
        wanted = asked.get("plan", snapshot.plans)
        theirs = query.copy()
        for name in ("plan", "fields", "page", "page_size"):
            theirs.pop(name, None)
        plans = [plan for code, plan in snapshot.plans.items() if code in wanted]
        return [items.Item(commitment) for commitment in commitments.select(snapshot, plans, theirs)]

    def rows(self, snapshot, some, chosen):
        """The rows of some promises; whole ones as the JSON that each was written to when it was first asked for."""
        if chosen:
            return super().rows(snapshot, some, chosen)
        written, rows = items.written(snapshot), Written()
        for item in some:
            key = (item.record.plan, item.record.code)
            if key not in written:
                written[key] = as_json(self.row(item))
            rows.append(written[key])
        return rows


class Ledger(Resource):
    """The log, which is read from the database a page at a time."""

    def select(self, snapshot, asked, query):
        """The entries after one, oldest first."""
        return ledger.Entries(asked.get("after", 0), snapshot.known)

    def find(self, snapshot, key):
        """The entry of a number. Raises ``NotInRegistry``."""
        return ledger.find(key[0], snapshot.known)

    def row(self, item):
        """The line of the log's file."""
        return ledger.row_of(item)


def _all(name):
    """Codes of what each plan has of its own, those of all plans together."""
    return lambda snapshot: {code for plan in snapshot.plans.values() for code in getattr(plan, name)}


PLAN_OF_A_ROW = Column(
    "plan", gettext_lazy("Code of the plan; blank for a value of a metric, which plans share"), filled=False
)
PLAN = code("plan", gettext_lazy("Code of the plan"), lambda snapshot: snapshot.plans)
CATEGORY = code("category", gettext_lazy("Code of a right; those below it are included"), _all("categories"))
COMMITMENT = code("commitment", gettext_lazy("Code of a commitment"), _all("commitments"))
METRIC = code("metric", gettext_lazy("Code of a metric"), lambda snapshot: snapshot.metrics)
INSTRUMENT = code("instrument", gettext_lazy("Code of an instrument"), lambda snapshot: snapshot.instruments)
NORM = code("norm", gettext_lazy("Code of an article or target"), lambda snapshot: snapshot.norms)
ORIGIN = code("origin", gettext_lazy("Code of the body whose statement it is"), lambda snapshot: snapshot.bodies)
SIDE = choice("side", gettext_lazy("Side relative to the plan"), Side.choices)
AS_OF = (
    after("as_of_after", gettext_lazy("Speaks of that day or a later one"), "as_of"),
    before("as_of_before", gettext_lazy("Speaks of that day or an earlier one"), "as_of"),
)
RECORDED = [pair for pair in What.choices if pair[0] not in (What.AMENDMENT, What.WITHDRAWAL)]
WORDS = Parameter(
    "q",
    gettext_lazy("Words of title, quotation, note and code: beginnings of words, “quoted words” as they stand"),
    test=lambda item, question: has_words_of(question)(item.about["q"]),
)
YES_OR_NO = (("yes", ""), ("no", ""))
SAID = [pair for pair in labels.SAYS.items() if pair[0] not in ("", "mixed")]

RESOURCES = (
    Resource(
        "plans",
        gettext_lazy("plan"),
        gettext_lazy("Published plans of action."),
        CODE,
        registry.PlanRecord,
        items.plans,
    ),
    Resource(
        "categories",
        gettext_lazy("chapter or section"),
        gettext_lazy("Chapters and sections of the plans: the rights that promises stand under."),
        OF_PLAN,
        registry.CategoryRecord,
        items.categories,
        (PLAN,),
    ),
    Resource(
        "provisions",
        gettext_lazy("paragraph"),
        gettext_lazy("Paragraphs of the plans that promise something."),
        OF_PLAN,
        registry.ProvisionRecord,
        items.provisions,
        (PLAN, CATEGORY, choice("form", gettext_lazy("How it stands in the plan"), Form.choices)),
    ),
    Commitments(
        "commitments",
        gettext_lazy("commitment"),
        gettext_lazy("The promises, each with what became of it. Filters are those of the explorer."),
        OF_PLAN,
        registry.CommitmentRecord,
        items.commitments,
        (PLAN, *commitments.parameters()),
        dates=(ON, KNOWN),
    ),
    Resource(
        "baseline",
        gettext_lazy("figure or act of the baseline"),
        gettext_lazy("Figures and acts that a document of the State reported of the time before a plan."),
        OF_PLAN,
        baseline.BaselineRecord,
        items.baseline,
        (
            PLAN,
            WORDS,
            CATEGORY,
            COMMITMENT,
            METRIC,
            choice("form", gettext_lazy("Figure, or act"), BaselineForm.choices),
            choice("nature", gettext_lazy("How the number relates to time"), Nature.choices),
            choice("bound", gettext_lazy("What the number says of the true one"), Bound.choices),
            choice("undated", gettext_lazy("Without a date of its own"), YES_OR_NO),
            choice("told", gettext_lazy("In one place, in several, or differently in one of them"), TOLD.items()),
            choice("has_commitment", gettext_lazy("Whether it is context for a commitment"), YES_OR_NO),
        ),
    ),
    Resource(
        "metrics",
        gettext_lazy("metric"),
        gettext_lazy("What is measured in the world, shared by every promise that it answers."),
        CODE,
        registry.MetricRecord,
        items.metrics,
        (
            code("producer", gettext_lazy("Code of the body that publishes it"), lambda snapshot: snapshot.bodies),
            choice("shape", gettext_lazy("Number or ladder of stages"), Shape.choices),
            choice("nature", gettext_lazy("How a number relates to time"), Nature.choices),
        ),
    ),
    Resource(
        "updates",
        gettext_lazy("update"),
        gettext_lazy("What was recorded, with its sources: values, stages, judgements and searches that count today."),
        ENTRY,
        registry.UpdateRecord,
        items.updates,
        (PLAN, METRIC, COMMITMENT, choice("what", gettext_lazy("What it records"), RECORDED), ORIGIN, *AS_OF),
        dates=(ON, KNOWN),
        before=(PLAN_OF_A_ROW,),
    ),
    Resource(
        "assessments",
        gettext_lazy("finding"),
        gettext_lazy("What others published of a promise or a right: the State, UN bodies and others, side by side."),
        ENTRY,
        registry.AssessmentRecord,
        items.assessments,
        (PLAN, COMMITMENT, CATEGORY, SIDE, choice("says", gettext_lazy("What it says"), SAID), ORIGIN, *AS_OF),
        dates=(ON, KNOWN),
        before=(PLAN_OF_A_ROW,),
    ),
    Resource(
        "sources",
        gettext_lazy("source"),
        gettext_lazy("Publications that are cited."),
        CODE,
        registry.SourceRecord,
        items.sources,
        (code("publisher", gettext_lazy("Code of the body that carried it"), lambda snapshot: snapshot.bodies),),
    ),
    Resource(
        "bodies",
        gettext_lazy("body"),
        gettext_lazy("Organisations that make statements or carry them."),
        CODE,
        registry.BodyRecord,
        items.bodies,
        (choice("kind", gettext_lazy("What sort of organisation"), BodyKind.choices), SIDE),
    ),
    Resource(
        "groups",
        gettext_lazy("group"),
        gettext_lazy("Groups of people whom promises are meant for."),
        CODE,
        registry.GroupRecord,
        items.groups,
    ),
    Resource(
        "instruments",
        gettext_lazy("instrument"),
        gettext_lazy("Treaties, sets of goals and review mechanisms that promises are linked to."),
        CODE,
        baseline.InstrumentRecord,
        items.instruments,
        (
            code("plan", gettext_lazy("Code of a plan with promises linked to it"), lambda snapshot: snapshot.plans),
            choice("kind", gettext_lazy("What sort of instrument"), InstrumentKind.choices),
            code("body", gettext_lazy("Code of the body that reviews it"), lambda snapshot: snapshot.bodies),
        ),
    ),
    Resource(
        "norms",
        gettext_lazy("article or target"),
        gettext_lazy("Articles, targets and steps of the instruments, by official number; titles are this site's."),
        CODE,
        baseline.NormRecord,
        items.norms,
        (
            code("plan", gettext_lazy("Code of a plan with promises linked to it"), lambda snapshot: snapshot.plans),
            INSTRUMENT,
            NORM,
            code("commitment", gettext_lazy("Code of a commitment linked to it"), _all("commitments")),
        ),
    ),
    Resource(
        "adherences",
        gettext_lazy("adherence"),
        gettext_lazy("Whether and since when the State that made a plan takes part in an instrument."),
        OF_PLAN,
        baseline.AdherenceRecord,
        items.adherences,
        (PLAN, INSTRUMENT, choice("participation", gettext_lazy("How the State takes part"), Participation.choices)),
    ),
    Resource(
        "norm-links",
        gettext_lazy("link"),
        gettext_lazy("This site's own links from promises to norms, with reasons; they say nothing of compliance."),
        OF_PLAN,
        baseline.NormLinkRecord,
        items.norm_links,
        (PLAN, INSTRUMENT, NORM, COMMITMENT),
    ),
    Ledger(
        "ledger",
        gettext_lazy("entry"),
        gettext_lazy("The public log, oldest entry first: every publication, linked by hashes."),
        ENTRY,
        registry.LedgerRecord,
        None,
        (Parameter("after", gettext_lazy("Entries after this one"), "integer", bounds=(0, 999_999_999), usual=0),),
    ),
)
