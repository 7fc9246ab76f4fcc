"""The sheets that few plans have: what an earlier document reported, and what promises rest on."""

from django.utils.translation import gettext_lazy as _

from tracker import schema

from .columns import A_DAY, ONE_A_LINE, OTHER_FIGURES, Column, Sheet, code_column

OF_SEVERAL = _("By code. Several: one a line of the cell.")
BASELINE = Sheet(
    _("Earlier figures"),
    schema.BASELINE,
    _("Figures and acts that an earlier document of the State reported, in the order of its text."),
    (
        Column("title", _("In our neutral words."), wide=40),
        code_column(_("May stay blank: it is made of the title.")),
        Column("form", _("A figure, or an act.")),
        Column("source", _("A source, by its title or code."), wide=30),
        Column("place", _("Such as I.2.")),
        Column("quote", _("To the letter, at most 25 words."), wide=40),
        Column("value"),
        Column("as_published", _("In the document's words.")),
        Column("bound", _("One of the list."), head=_("What the number says")),
        Column("unit"),
        Column("nature", _("One of the list.")),
        Column("starts_on", _("First day of the period."), head=_("From")),
        Column("as_of", A_DAY, precision="precision", last=True),
        Column("undated", _("yes, where the text gives no date of its own.")),
        Column("how", _("One of the list."), head=_("How it was made")),
        Column("scope", head=_("Place or group")),
        Column("category", _("By title or code.")),
        Column("commitments", OF_SEVERAL, head=_("Promises")),
        Column("metrics", ONE_A_LINE, head=_("Metrics")),
        Column("same_series", _("yes, where its definition is the metric's.")),
        Column("note", wide=40),
        Column(
            "citations",
            _("“source | place”, or “source | place | words | rounding”; one a line of the cell."),
            head=_("Every place that gives it"),
            wide=40,
        ),
    ),
    extra=True,
)
PASSAGES = Sheet(
    _("Earlier passages"),
    schema.PASSAGES,
    _("Paragraphs of that document with figures that are no records, each with the reason."),
    (
        Column("code", _("Such as I.2.")),
        Column("source", _("A source, by its title or code."), wide=30),
        Column("other_figures", OTHER_FIGURES, wide=60),
    ),
    extra=True,
)
INSTRUMENTS = Sheet(
    _("Instruments"),
    schema.INSTRUMENTS,
    _("Treaties, sets of goals and review mechanisms that promises can rest on."),
    (
        Column("code", _("Such as CRC.")),
        Column("kind", _("One of the list.")),
        Column("title", wide=40),
        Column("symbol"),
        Column("body", _("By its name or code.")),
        Column("address", wide=40),
    ),
    extra=True,
)
NORMS = Sheet(
    _("Norms"),
    schema.NORMS,
    _("Their articles, targets and cycles, by official number; titles in our own words."),
    (
        Column("code", _("The instrument's, a hyphen, the number: CRC-24.")),
        Column("instrument", _("By code.")),
        Column("number"),
        Column("title", wide=40),
    ),
    extra=True,
)
ADHERENCES = Sheet(
    _("Participation"),
    schema.ADHERENCES,
    _("Whether and since when the State takes part in each instrument."),
    (
        Column("code", _("As a rule the instrument's.")),
        Column("instrument", _("By code.")),
        Column("participation", _("One of the list."), wide=30),
        Column("since", A_DAY, precision="precision"),
        Column("source", _("By its title or code.")),
        Column("note", wide=40),
    ),
    extra=True,
)
LINKS = Sheet(
    _("Links to norms"),
    schema.NORM_LINKS,
    _("Which promise rests on which norm, with a line that says why."),
    (
        Column("code", _("The promise's, a hyphen, the norm's: I.1.1a-CRC-24.")),
        Column("commitment", _("By code."), head=_("Promise")),
        Column("norm", _("By code.")),
        Column("rationale", wide=60),
    ),
    extra=True,
)
RECOMMENDATIONS = Sheet(
    _("Recommendations"),
    schema.RECOMMENDATIONS,
    _("What United Nations mechanisms recommended to the State, and what it replied."),
    (
        Column("code", _("Symbol and paragraph with hyphens: A-HRC-56-6-28.12.")),
        Column("state", _("That it is addressed to.")),
        Column("mechanism", _("One of the list.")),
        Column("body", _("A body, by its name or code.")),
        Column("symbol", _("Its symbol, such as A/HRC/56/6."), head=_("Document")),
        Column("paragraph"),
        Column("published", A_DAY, head=_("Date of the document"), precision="published_precision"),
        Column("text", wide=60),
        Column("verbatim", _("yes, where it is no wording of our own.")),
        Column("recommended_by", ONE_A_LINE),
        Column("themes", ONE_A_LINE),
        Column("norms", OF_SEVERAL),
        Column("reply", _("One of the list; blank: none is on record.")),
        Column("reply_words"),
        Column("reply_symbol"),
        Column("reply_paragraph"),
        Column("source", _("A source, by its title or code.")),
        Column("index_id"),
    ),
    extra=True,
)
RECOMMENDATION_LINKS = Sheet(
    _("Links to recommendations"),
    schema.RECOMMENDATION_LINKS,
    _("Which promise is on the subject of which recommendation, with a line that says why."),
    (
        Column("code", _("The promise's, a hyphen, the recommendation's.")),
        Column("commitment", _("By code."), head=_("Promise")),
        Column("recommendation", _("By code.")),
        Column("rationale", wide=60),
    ),
    extra=True,
)
