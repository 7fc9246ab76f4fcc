"""The sheets of a plan's spreadsheet, in the order of the tables and in that in which people fill them."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker import models, schema
from tracker.schema import Key

from .columns import A_DAY, NONE, ONE_A_LINE, OTHER_FIGURES, Column, Sheet, code_column
from .rarer import ADHERENCES, BASELINE, INSTRUMENTS, LINKS, NORMS, PASSAGES, RECOMMENDATION_LINKS, RECOMMENDATIONS

PLAN = Sheet(
    _("Plan"),
    schema.PLAN,
    _("What the plan is called, who published it, and when it binds. Write into the second column."),
    (
        Column("title", _("As its title page has it."), head=_("Name of the plan")),
        Column(
            "short_title",
            _("For menus, such as “Osmarra 2027-2031”. May stay blank: it is made of the name."),
            head=_("Short name"),
            suggested=True,
        ),
        code_column(_("In addresses, such as osmarra-2027. May stay blank: the one that the plan was begun with.")),
        Column("state", _("That made it, by its usual English name.")),
        Column(
            "language",
            _("As a tag: en English, es Spanish, fr French, ar Arabic, zh Chinese. Blank: en."),
            head=_("Language of its text"),
            suggested=True,
        ),
        Column("publisher", _("A body of the sheet “Bodies”, by its name or code."), head=_("Published by")),
        Column("published_on", A_DAY, precision="published_precision"),
        Column("starts_on", _("From which it binds: 2027-01-01."), head=_("First day")),
        Column("ends_on", _("Until which it binds: 2031-12-31."), head=_("Last day")),
        Column("texts", _("“language: address”, such as “en: https://…”. Several: one a line of the cell.")),
    ),
    upright=True,
    left_out=("findings_read", "findings_used"),
)
BODIES = Sheet(
    _("Bodies"),
    schema.BODIES,
    _("Organisations that the plan names, that publish it, or that measure what it promises."),
    (
        Column("name", _("In full."), wide=40),
        code_column(),
        Column("kind", _("One of the list."), wide=30),
        Column("side", _("Official: of the State that made the plan, or founded, funded or directed by it.")),
        Column("state", _("May stay blank: official ones are of the plan's State, others of none."), suggested=True),
        Column("why", wide=60),
    ),
)
SOURCES = Sheet(
    _("Sources"),
    schema.SOURCES,
    _("Publications that the plan's records rest on. Most plans begin with none."),
    (
        Column("title", wide=40),
        code_column(_("May stay blank: it is made of the title.")),
        Column("publisher", _("A body, by its name or code."), head=_("Published by"), wide=30),
        Column("address", _("Begins with https://."), wide=40),
        Column("reason_withheld", _("Where no address was confirmed; else blank."), wide=30),
        Column("published", A_DAY, head=_("Published on"), precision="published_precision"),
        Column("language", _("As a tag, such as en.")),
        Column("un_symbol", _("Such as A/HRC/56/6; else blank."), head=_("UN symbol")),
        Column("archived", _("Its address; else blank.")),
        Column("sha256", _("SHA-256; else blank.")),
    ),
)
RIGHTS = Sheet(
    _("Rights"),
    schema.CATEGORIES,
    _("Chapters, and the sections within them, in the order of the text: a chapter before its sections."),
    (
        Column("title", wide=50),
        code_column(_("Of a chapter I, of its section I.1. May stay blank: they are counted.")),
        Column(
            "parent",
            _("The chapter or section that it is part of, by title or code; blank for a chapter."),
            head=_("Within"),
            suggested=True,
            wide=30,
        ),
        Column(
            "short_title",
            _("For pictures and menus. May stay blank where the title has no more than 60 characters."),
            suggested=True,
            wide=30,
        ),
    ),
)
PARAGRAPHS = Sheet(
    _("Paragraphs"),
    schema.PROVISIONS,
    _("The paragraphs that promise something, in the order of the text."),
    (
        Column(
            "category",
            _("Chapter or section in which it stands, by title or code. Blank for an objective."),
            head=_("Right"),
            wide=30,
        ),
        code_column(_("Such as I.1.4. May stay blank: paragraphs are counted, an introduction is 0.")),
        Column("title", wide=40),
        Column(
            "form",
            _("One of the list. Blank: a paragraph opened by a dash; without a right an objective."),
            suggested=True,
            wide=30,
        ),
        Column("heading", _("The plan's own, to the letter; else blank."), wide=30),
        Column("other_figures", OTHER_FIGURES, wide=40),
    ),
)
PROMISES = Sheet(
    _("Promises"),
    schema.COMMITMENTS,
    _("One row for each thing that can be found kept or not kept by itself, in the order of the text."),
    (
        Column(
            "provision",
            _("By code or title. May stay blank: that of the row above."),
            head=_("Paragraph"),
            suggested=True,
        ),
        code_column(_("The paragraph's and a letter. May stay blank: a, b, c in the order of the rows.")),
        Column("title", _("Our neutral words, at most 90 characters."), wide=40),
        Column("quote", _("The fewest words of the plan that carry it, to the letter, at most 25."), wide=50),
        Column("qualifier", _("“As appropriate”: outside the quote; else blank."), head=_("Limiting words")),
        Column("kind", _("What sort of thing is promised: one of the list."), wide=24),
        Column("level", _("Structure: laws, bodies. Process: what is done. Outcome.")),
        Column("test", _("One sentence, before any evidence is read: “Kept if …”."), wide=50),
        Column(
            "rule",
            _("One of the list. May stay blank for a law and a safeguard, which have one."),
            head=_("How it is decided"),
            suggested=True,
            wide=26,
        ),
        Column("metric", _("By name or code, for a number, stage or direction; else blank."), wide=30),
        Column("comparator", _("For a number or a direction."), head=_("At least, at most …")),
        Column("target_value", _("A number in the metric's unit; a fall by 20 percent: -20.")),
        Column("tolerance", _("Only for “about”. May stay blank: a tenth of the target."), suggested=True),
        Column("target_rung", _("A stage of the metric's ladder; else blank."), head=_("Stage to reach")),
        Column("base_date", _("For a change: 2026-12-31, or 2026."), head=_("Changed since"), last=True),
        Column("deadline", _("May stay blank: the last day of the plan."), suggested=True, last=True),
        Column(
            "deadline_basis",
            _("May stay blank: stated if the plan goes on after it."),
            head=_("Where the deadline comes from"),
            suggested=True,
            wide=26,
        ),
        Column("groups", ONE_A_LINE, head=_("For whom"), wide=24),
        Column("bodies", ONE_A_LINE, wide=24),
        Column("other_reading", _("Where the text allows two; else blank."), wide=30),
        Column("beside", ONE_A_LINE, head=_("Metrics shown beside")),
        Column("carried_from", _("Its name; else blank.")),
        Column("settled_by", _("And who publishes that; else blank.")),
        Column("test_changed_because", _("Blank for a new plan.")),
    ),
)
METRICS = Sheet(
    _("Metrics"),
    schema.METRICS,
    _("What is measured to know whether promises are kept: a number, or the stages of a ladder."),
    (
        Column("name", wide=40),
        code_column(),
        Column("definition", _("What is counted, out of what, at which moment or in which period."), wide=50),
        Column(
            "shape",
            _("May stay blank: a ladder if it has stages on the sheet “Stages”, else a number."),
            suggested=True,
        ),
        Column("nature", _("Of a number: one of the list. Blank for a ladder."), wide=24),
        Column("unit", _("Of a number, such as percent. Blank for a ladder.")),
        Column("decimals", _("Of a number: 0, 1, 2 … Blank for a ladder.")),
        Column("statistic", _("Its name, or the gazette."), wide=30),
        Column("producer", _("A body, by its name or code; may stay blank."), wide=30),
        Column(
            "state",
            _("In which it is measured. May stay blank: the plan's. For the world, or several States: –"),
            suggested=True,
        ),
        Column("scope", _("Blank: national."), head=_("Place or group"), suggested=True),
        Column(
            "lag_months", _("After a period's end; blank where it is not known."), head=_("Months until it appears")
        ),
        Column("problems", _("In a sentence; else blank."), wide=30),
        Column("period"),
        Column("period_ends", _("Of a school or fiscal year: 1 to 12.")),
        Column("term_years", _("Of a body's term.")),
        Column("period_because", _("Where it is no calendar year.")),
        Column("only_grows_because", _("A count that cannot fall; else blank.")),
        Column("no_statistic_because", _("Where none is known that could; else blank.")),
    ),
    left_out=("rungs",),  # a sheet of their own
)
STAGES = Sheet(
    _("Stages"),
    schema.METRICS,
    _("The ladder of each metric that is read off as a stage: one stage a row, the lowest first."),
    (
        Column(
            "metric",
            _("By name or code. May stay blank: that of the row above."),
            head=_("Metric"),
            suggested=True,
            wide=40,
        ),
        Column("stage", _("In words: announced, drafted, adopted, in force."), head=_("Stage"), wide=40),
    ),
    own=(Key("metric", schema.ONE, to=models.Metric), Key("stage")),
)
GROUPS = Sheet(
    _("Groups"),
    schema.GROUPS,
    _("People whom promises are meant for."),
    (Column("name", wide=40), code_column()),
)
SHEETS = (
    *(PLAN, BODIES, SOURCES, GROUPS, METRICS, STAGES, RIGHTS, PARAGRAPHS, PROMISES),
    *(BASELINE, PASSAGES, INSTRUMENTS, NORMS, ADHERENCES, LINKS, RECOMMENDATIONS, RECOMMENDATION_LINKS),
)
# The order in which a person fills them.
IN_ORDER = (
    *(PLAN, RIGHTS, PARAGRAPHS, PROMISES, METRICS, STAGES, BODIES, GROUPS, SOURCES),
    *(BASELINE, PASSAGES, INSTRUMENTS, NORMS, ADHERENCES, LINKS, RECOMMENDATIONS, RECOMMENDATION_LINKS),
)
SHEET_OF = {sheet.table: sheet for sheet in SHEETS if sheet is not STAGES}


def explained() -> Iterator[str | Promise]:
    """What a person has to know before she fills the sheets, a sentence a line."""
    yield _("One file is one plan. Fill the sheets in their order; what is marked with * is needed.")
    yield _("Codes and letters may stay blank: the site suggests them, and shows them before anything is kept.")
    yield _("Rows stand in the order of the plan's text. A row's place in its sheet is its place in the plan.")
    yield _("A body, metric, group, right or paragraph is named by its code or its name, as it stands in its sheet.")
    yield _("What the site holds already is on the sheet “On record”: name it, and do not add it again.")
    yield _("A blank cell is nothing; 0 is a value. Numbers in full with a point, such as 1234.5. Dates as 2027-12-31.")
    yield _("Where something could be suggested and nothing is meant, write %(none)s.") % {"none": NONE}
    yield _("Write the test of each promise before you read any evidence.")
    yield _("Send the file as often as you like: the plan becomes what it says, and you see before what changes.")
    yield _("A spreadsheet carries no updates, findings or files of evidence: these are recorded on the site.")
