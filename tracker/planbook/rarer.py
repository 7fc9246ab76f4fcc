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
        Column("title", _("Title"), _("In our neutral words."), wide=40),
        code_column(_("May stay blank: it is made of the title.")),
        Column("form", _("Form"), _("A figure, or an act.")),
        Column("source", _("Document"), _("A source, by its title or code."), wide=30),
        Column("place", _("Part and paragraph"), _("Such as I.2.")),
        Column("quote", _("Quote"), _("To the letter, at most 25 words."), wide=40),
        Column("value", _("Value")),
        Column("as_published", _("As published"), _("In the document's words.")),
        Column("bound", _("What the number says"), _("One of the list.")),
        Column("unit", _("Unit")),
        Column("nature", _("Nature"), _("One of the list.")),
        Column("starts_on", _("From"), _("First day of the period.")),
        Column("as_of", _("As of"), A_DAY, precision="precision", last=True),
        Column("undated", _("Undated"), _("yes, where the text gives no date of its own.")),
        Column("how", _("How it was made"), _("One of the list.")),
        Column("scope", _("Place or group")),
        Column("category", _("Right"), _("By title or code.")),
        Column("commitments", _("Promises"), OF_SEVERAL),
        Column("metrics", _("Metrics"), ONE_A_LINE),
        Column("same_series", _("Same series"), _("yes, where its definition is the metric's.")),
        Column("note", _("Note"), wide=40),
        Column(
            "citations",
            _("Every place that gives it"),
            _("“source | place”, or “source | place | words | rounding”; one a line of the cell."),
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
        Column("code", _("Part and paragraph"), _("Such as I.2.")),
        Column("source", _("Document"), _("A source, by its title or code."), wide=30),
        Column("other_figures", _("Figures that are not recorded"), OTHER_FIGURES, wide=60),
    ),
    extra=True,
)
INSTRUMENTS = Sheet(
    _("Instruments"),
    schema.INSTRUMENTS,
    _("Treaties, sets of goals and review mechanisms that promises can rest on."),
    (
        Column("code", _("Code"), _("Such as CRC.")),
        Column("kind", _("Kind"), _("One of the list.")),
        Column("title", _("Title"), wide=40),
        Column("symbol", _("Official symbol")),
        Column("body", _("Body that reviews it"), _("By its name or code.")),
        Column("address", _("Address of its text"), wide=40),
    ),
    extra=True,
)
NORMS = Sheet(
    _("Norms"),
    schema.NORMS,
    _("Their articles, targets and cycles, by official number; titles in our own words."),
    (
        Column("code", _("Code"), _("The instrument's, a hyphen, the number: CRC-24.")),
        Column("instrument", _("Instrument"), _("By code.")),
        Column("number", _("Number"), _("As it is cited.")),
        Column("title", _("Title"), wide=40),
    ),
    extra=True,
)
ADHERENCES = Sheet(
    _("Participation"),
    schema.ADHERENCES,
    _("Whether and since when the State takes part in each instrument."),
    (
        Column("code", _("Code"), _("As a rule the instrument's.")),
        Column("instrument", _("Instrument"), _("By code.")),
        Column("participation", _("Participation"), _("One of the list."), wide=30),
        Column("since", _("Since"), A_DAY, precision="precision"),
        Column("source", _("Source"), _("By its title or code.")),
        Column("note", _("Note"), wide=40),
    ),
    extra=True,
)
LINKS = Sheet(
    _("Links to norms"),
    schema.NORM_LINKS,
    _("Which promise rests on which norm, with a line that says why."),
    (
        Column("code", _("Code"), _("The promise's, a hyphen, the norm's: I.1.1a-CRC-24.")),
        Column("commitment", _("Promise"), _("By code.")),
        Column("norm", _("Norm"), _("By code.")),
        Column("rationale", _("Why"), wide=60),
    ),
    extra=True,
)
RECOMMENDATIONS = Sheet(
    _("Recommendations"),
    schema.RECOMMENDATIONS,
    _("What United Nations mechanisms recommended to the State, and what it replied."),
    (
        Column("code", _("Code"), _("Symbol and paragraph with hyphens: A-HRC-56-6-28.12.")),
        Column("state", _("State"), _("That it is addressed to.")),
        Column("mechanism", _("Mechanism"), _("One of the list.")),
        Column("body", _("Whose"), _("A body, by its name or code.")),
        Column("symbol", _("Document"), _("Its symbol, such as A/HRC/56/6.")),
        Column("paragraph", _("Paragraph"), _("As it is cited: 28.12, or 7 (c).")),
        Column("published", _("Date of the document"), A_DAY, precision="published_precision"),
        Column("text", _("What is recommended"), wide=60),
        Column("verbatim", _("In the document's words"), _("yes, where it is no wording of our own.")),
        Column("recommended_by", _("Recommending States"), ONE_A_LINE),
        Column("themes", _("Themes"), ONE_A_LINE),
        Column("norms", _("Norms"), OF_SEVERAL),
        Column("reply", _("The State's reply"), _("One of the list; blank: none is on record.")),
        Column("reply_words", _("The reply in its own words")),
        Column("reply_symbol", _("Document of the reply")),
        Column("reply_paragraph", _("Paragraph of the reply")),
        Column("source", _("Read in"), _("A source, by its title or code.")),
        Column("index_id", _("Id in the Universal Human Rights Index")),
    ),
    extra=True,
)
RECOMMENDATION_LINKS = Sheet(
    _("Links to recommendations"),
    schema.RECOMMENDATION_LINKS,
    _("Which promise is on the subject of which recommendation, with a line that says why."),
    (
        Column("code", _("Code"), _("The promise's, a hyphen, the recommendation's.")),
        Column("commitment", _("Promise"), _("By code.")),
        Column("recommendation", _("Recommendation"), _("By code.")),
        Column("rationale", _("Why"), wide=60),
    ),
    extra=True,
)
