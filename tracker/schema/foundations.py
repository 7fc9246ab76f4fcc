"""Where things stood before a plan, and the norms that its promises rest on."""

from tracker.models import (
    Adherence,
    BaselineFigure,
    BaselinePassage,
    Body,
    Category,
    Commitment,
    Instrument,
    Metric,
    Norm,
    NormLink,
    Source,
)

from .keys import DATE, FLAG, MANY, NUMBER, ONE, REPEATED, WORDS, Key, Table

BASELINE = Table(
    "baseline",
    BaselineFigure,
    (
        Key("code"),
        Key("form"),
        Key("title"),
        Key("source", ONE, to=Source),
        Key("place"),
        Key("quote"),
        Key("value", NUMBER, required=False),
        Key("as_published", required=False),
        Key("bound", required=False),
        Key("unit", required=False),
        Key("nature", required=False),
        Key("starts_on", DATE, required=False),
        Key("as_of", DATE),
        Key("precision"),
        Key("undated", FLAG, required=False),
        Key("how", required=False),
        Key("scope", required=False),
        Key("category", ONE, required=False, to=Category),
        Key("commitments", MANY, required=False, to=Commitment),
        Key("metrics", MANY, required=False, to=Metric),
        Key("same_series", FLAG, required=False),
        Key("note", required=False),
        Key("citations", REPEATED, to=Source),
    ),
    of_plan=True,
)
PASSAGES = Table(
    "passage",
    BaselinePassage,
    (Key("code"), Key("source", ONE, to=Source), Key("other_figures", WORDS)),
    of_plan=True,
)
INSTRUMENTS = Table(
    "instrument",
    Instrument,
    (
        Key("code"),
        Key("kind"),
        Key("title"),
        Key("symbol", required=False),
        Key("body", ONE, required=False, to=Body),
        Key("address", required=False),
    ),
)
NORMS = Table("norm", Norm, (Key("code"), Key("instrument", ONE, to=Instrument), Key("number"), Key("title")))
ADHERENCES = Table(
    "adherence",
    Adherence,
    (
        Key("code"),
        Key("instrument", ONE, to=Instrument),
        Key("participation"),
        Key("since", DATE, required=False),
        Key("precision", required=False),
        Key("source", ONE, required=False, to=Source),
        Key("note", required=False),
    ),
    of_plan=True,
)
NORM_LINKS = Table(
    "link",
    NormLink,
    (Key("code"), Key("commitment", ONE, to=Commitment), Key("norm", ONE, to=Norm), Key("rationale")),
    of_plan=True,
)
