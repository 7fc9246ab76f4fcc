"""What was recorded since: updates and others' findings."""

from tracker.models import Assessment, Body, Category, Commitment, Metric, Source, Update

from .keys import CITED, CORRECTED, DATE, FLAG, NUMBER, ONE, PROSE, Key, Table

UPDATES = Table(
    "update",
    Update,
    (
        Key("key"),
        Key("what"),
        Key("metric", ONE, required=False, to=Metric),
        Key("commitment", ONE, required=False, to=Commitment),
        Key("value", NUMBER, required=False),
        Key("as_published", required=False),
        Key("bound", required=False),
        Key("withheld", FLAG, required=False),
        Key("starts_on", DATE, required=False),
        Key("as_of", DATE),
        Key("precision"),
        Key("fits", required=False),
        Key("verdict", required=False),
        Key("how", required=False),
        Key("arithmetic", required=False),
        Key("scope", required=False),
        Key("origin", ONE, required=False, to=Body),
        Key("rung", required=False),
        Key("summary", PROSE),
        Key("caveat", PROSE, required=False),
        Key("reread", required=False),
        Key("evidence", CITED, required=False, to=Source),
    ),
    because=CORRECTED,
    natural="key",
)
ASSESSMENTS = Table(
    "assessment",
    Assessment,
    (
        Key("key"),
        Key("category", ONE, required=False, to=Category),
        Key("commitment", ONE, required=False, to=Commitment),
        Key("origin", ONE, to=Body),
        Key("says"),
        Key("starts_on", DATE, required=False),
        Key("as_of", DATE),
        Key("precision"),
        Key("document", required=False),
        Key("finds_harm", FLAG, required=False),
        Key("replies_to", required=False),
        Key("summary", PROSE),
        Key("caveat", PROSE, required=False),
        Key("reread", required=False),
        Key("evidence", CITED, required=False, to=Source),
    ),
    because=CORRECTED,
    natural="key",
)
