"""The plan and what its promises name: bodies, sources, groups, metrics, rights, paragraphs, commitments."""

from tracker.models import BeneficiaryGroup, Body, Category, Commitment, Metric, Plan, Provision, Source

from .keys import AMENDED, DATE, MANY, NUMBER, ONE, WHOLE, WORDS, Key, Table

PLAN = Table(
    "plan",
    Plan,
    (
        Key("code"),
        Key("title"),
        Key("short_title"),
        Key("language"),
        Key("publisher", ONE, to=Body),
        Key("published_on", DATE),
        Key("published_precision"),
        Key("starts_on", DATE),
        Key("ends_on", DATE),
    ),
)
BODIES = Table("body", Body, (Key("code"), Key("name"), Key("kind"), Key("side"), Key("why")), because=AMENDED)
SOURCES = Table(
    "source",
    Source,
    (
        Key("code"),
        Key("publisher", ONE, to=Body),
        Key("title"),
        Key("address", required=False),
        Key("reason_withheld", required=False),
        Key("published", DATE, required=False),
        Key("published_precision", required=False),
        Key("language", required=False),
        Key("archived", required=False),
        Key("sha256", required=False),
    ),
    because=AMENDED,
)
GROUPS = Table("group", BeneficiaryGroup, (Key("code"), Key("name")))
CATEGORIES = Table(
    "category",
    Category,
    (Key("code"), Key("parent", ONE, required=False, to=Category), Key("title"), Key("short_title")),
    of_plan=True,
)
PROVISIONS = Table(
    "provision",
    Provision,
    (
        Key("code"),
        Key("category", ONE, required=False, to=Category),
        Key("form"),
        Key("title"),
        Key("heading", required=False),
        Key("other_figures", WORDS, required=False),
    ),
    of_plan=True,
)
METRICS = Table(
    "metric",
    Metric,
    (
        Key("code"),
        Key("name"),
        Key("definition"),
        Key("shape"),
        Key("nature", required=False),
        Key("unit", required=False),
        Key("decimals", WHOLE, required=False),
        Key("rungs", WORDS, required=False),
        Key("statistic"),
        Key("producer", ONE, required=False, to=Body),
        Key("scope"),
        Key("lag_months", WHOLE, required=False),
        Key("problems", required=False),
    ),
    because=AMENDED,
)
COMMITMENTS = Table(
    "commitment",
    Commitment,
    (
        Key("code"),
        Key("provision", ONE, to=Provision),
        Key("title"),
        Key("quote"),
        Key("qualifier", required=False),
        Key("test"),
        Key("other_reading", required=False),
        Key("kind"),
        Key("level"),
        Key("rule"),
        Key("metric", ONE, required=False, to=Metric),
        Key("beside", MANY, required=False, to=Metric),
        Key("comparator", required=False),
        Key("target_value", NUMBER, required=False),
        Key("tolerance", NUMBER, required=False),
        Key("target_rung", required=False),
        Key("base_date", DATE, required=False),
        Key("deadline", DATE),
        Key("deadline_basis"),
        Key("groups", MANY, required=False, to=BeneficiaryGroup),
        Key("bodies", MANY, required=False, to=Body),
        Key("carried_from", required=False),
    ),
    of_plan=True,
    because=AMENDED,
)
