"""The database refuses to change what is final: triggers for SQLite and PostgreSQL, in one place.

Published updates, assessments and their evidence, and the log, take no UPDATE and no DELETE, whoever asks: the shell,
raw SQL or a bulk action. A new log entry must be the next link of the chain and dated no earlier, a row is published by
somebody who wrote nothing of it, and evidence joins a row before the row is published or never. The one way through is
redaction: it may empty the texts of a row, and nothing else, when it names the log entry that says why; the request for
it names two people. What was in preparation is opened once, by somebody who wrote nothing of it. The trail of the staff
takes no UPDATE, and loses nothing that is younger than a year.

Every trigger names its own table only, so that migrations can rebuild tables. They come off before a migration and go
back after it; ``guards`` compares what a database holds with what this module would make. On PostgreSQL they also
refuse TRUNCATE, fire whatever ``session_replication_role`` says, and find their tables in the site's own schema alone.
"""

from django.db import connections

from tracker.standalone.verify import FIRST

from . import Assessment, Evidence, LedgerBody, LedgerEntry, Preparation, RedactionRequest, TrailEntry, Update

GUARDED = (Update, Assessment, Evidence, Preparation, LedgerEntry, LedgerBody, RedactionRequest, TrailEntry)
RETURNED = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}  # so that it goes on, on PostgreSQL
TEXTS = {
    Update: (
        *("summary", "caveat", "reason", "as_published", "arithmetic", "returned_note"),
        *("places", "words", "languages"),
    ),
    Assessment: ("summary", "caveat", "reason", "document", "returned_note"),
    Evidence: ("locator", "note", "file_name"),
}
# What a figure is of stays said where it is of less than the whole: without that it would count as all of it.
MASKED = {Update: ("scope",)}
TAKEN = "taken away"
KEPT_DAYS = 365  # for so long nobody takes an entry of the trail away, whatever a setting says
FINAL = "published rows are final and take two people: publish a correction, a withdrawal or a redaction"


def _redacted_only(model, same):
    """A condition: nothing changed but texts, which are blank now, and the entry that says why."""
    texts = TEXTS[model]
    masked = MASKED.get(model, ())
    loose = {*texts, *masked, "redacted_by", "changes"}
    columns = [f.column for f in model._meta.concrete_fields if f.name not in loose]
    conditions = ["OLD.redacted_by_id IS NULL", "NEW.redacted_by_id IS NOT NULL"]
    conditions += [f'OLD."{column}" {same} NEW."{column}"' for column in columns]
    conditions += [f"NEW.\"{text}\" = ''" for text in texts]
    conditions += [f"NEW.{text} = CASE OLD.{text} WHEN '' THEN '' ELSE '{TAKEN}' END" for text in masked]
    if model is Update:  # an amendment's old and new words are text too
        conditions.append(f"(OLD.changes {same} NEW.changes OR OLD.changes IS NOT NULL AND NEW.changes = '{{}}')")
    return " AND ".join(conditions)


def _replaces_published(table, other_than=""):
    """A condition: the new row would take the place of a published one by OR REPLACE, which asks no DELETE trigger.

    SQLite only. One question for each way in which rows of the table are unique, so that each finds its index.
    ``other_than`` leaves out the row that is being changed.
    """
    ways = (
        "id = NEW.id",
        "entry_id = NEW.entry_id",
        "replaces_id = NEW.replaces_id AND NEW.state = 'published'",
        "replaces_id IS NULL AND NOT (seed_key = '') AND NEW.replaces_id IS NULL AND seed_key = NEW.seed_key",
    )
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {way} AND state = 'published'{other_than})"  # noqa: S608  (our own names)
        for way in ways
    )


def _rules(vendor):
    """Every guard: name, table, event, and the condition under which the database refuses."""
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    other = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    # A constraint says so too; but SQLite can be told to ignore those.
    one_person = (
        "NEW.state = 'published' AND (NEW.entry_id IS NULL OR NEW.reviewer_id IS NULL "
        "OR NEW.reviewer_id = NEW.author_id OR NEW.reviewer_id = NEW.edited_by_id "
        "OR NEW.contributors LIKE '%,' || NEW.reviewer_id || ',%' "
        "OR NEW.contributors <> '' AND NEW.reviewer_id = NEW.submitted_by_id)"
    )
    # Nobody drops out of those who wrote it, and its author is among them when it becomes public.
    forgotten = (
        "SUBSTR(NEW.contributors, 1, LENGTH(OLD.contributors)) <> OLD.contributors "
        "OR NEW.state = 'published' AND OLD.state <> 'published' "
        "AND NEW.contributors NOT LIKE '%,' || NEW.author_id || ',%'"
    )
    published = "OLD.state = 'published'"
    for model in (Update, Assessment):
        table = model._meta.db_table
        change = f"{published} AND NOT ({_redacted_only(model, same)}) OR {one_person} OR {forgotten}"
        yield f"{table}_two_people", table, "INSERT", one_person
        if vendor == "sqlite":
            yield f"{table}_no_replace", table, "INSERT", _replaces_published(table)
            change += f" OR {_replaces_published(table, ' AND id <> OLD.id')}"
        yield f"{table}_no_change", table, "UPDATE", change
        yield f"{table}_no_delete", table, "DELETE", published
    bundle = Preparation._meta.db_table
    yield f"{bundle}_begun_first", bundle, "INSERT", "NEW.state = 'published'"
    if vendor == "sqlite":
        opened = f"EXISTS (SELECT 1 FROM {bundle} WHERE id = NEW.id AND state = 'published')"  # noqa: S608
        yield f"{bundle}_no_replace", bundle, "INSERT", opened
    yield f"{bundle}_no_change", bundle, "UPDATE", f"{published} OR {one_person} OR {forgotten}"
    yield f"{bundle}_no_delete", bundle, "DELETE", published
    yield from _evidence_rules(vendor, same, other)
    yield from _ledger_rules(vendor, same, other)
    yield from _inside_rules(vendor)
    if vendor == "postgresql":
        for model in GUARDED:
            yield f"{model._meta.db_table}_no_truncate", model._meta.db_table, "TRUNCATE", "1 = 1"


def _evidence_rules(vendor, same, other):
    """Frozen evidence stays, and nothing joins a row that has some: evidence is frozen by an UPDATE, never by INSERT.

    A row published without evidence has nothing here by which to know it. What is added to one is not shown, because
    it has no entry, and ``verify_ledger`` finds it.
    """
    table = Evidence._meta.db_table
    frozen = (
        f"EXISTS (SELECT 1 FROM {table} WHERE update_id = NEW.update_id AND entry_id IS NOT NULL) "  # noqa: S608
        f"OR EXISTS (SELECT 1 FROM {table} WHERE assessment_id = NEW.assessment_id AND entry_id IS NOT NULL)"
    )
    added = f"NEW.entry_id IS NOT NULL OR {frozen}"
    if vendor == "sqlite":
        added += f" OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND entry_id IS NOT NULL)"  # noqa: S608
    moved = " OR ".join(f"OLD.{column} {other} NEW.{column}" for column in ("id", "update_id", "assessment_id"))
    change = f"OLD.entry_id IS NOT NULL AND NOT ({_redacted_only(Evidence, same)}) OR ({moved}) AND ({frozen})"
    if vendor == "sqlite":
        change += " OR OLD.id <> NEW.id"
    yield f"{table}_no_late", table, "INSERT", added
    yield f"{table}_no_change", table, "UPDATE", change
    yield f"{table}_no_delete", table, "DELETE", "OLD.entry_id IS NOT NULL"


def _ledger_rules(vendor, same, other):
    ledger, body = LedgerEntry._meta.db_table, LedgerBody._meta.db_table
    last = f"FROM {ledger} ORDER BY seq DESC LIMIT 1"
    next_link = (
        f"NEW.seq {other} (SELECT COALESCE(MAX(seq), 0) + 1 FROM {ledger}) "  # noqa: S608  (names of our own tables)
        f"OR NEW.prev {other} COALESCE((SELECT hash {last}), '{FIRST}') OR NEW.at < (SELECT at {last}) "
        f"OR EXISTS (SELECT 1 FROM {ledger} WHERE hash = NEW.hash)"
    )
    emptied = (
        f"OLD.text IS NOT NULL AND NEW.text IS NULL AND NEW.salt = '' AND NEW.redacted_by_id IS NOT NULL "
        f"AND OLD.entry_id {same} NEW.entry_id"
    )
    yield f"{ledger}_no_change", ledger, "UPDATE", "1 = 1"
    yield f"{ledger}_no_delete", ledger, "DELETE", "1 = 1"
    yield f"{ledger}_next_link", ledger, "INSERT", next_link
    if vendor == "sqlite":
        is_there = f"EXISTS (SELECT 1 FROM {body} WHERE entry_id = NEW.entry_id)"  # noqa: S608
        yield f"{body}_no_replace", body, "INSERT", is_there
    yield f"{body}_no_delete", body, "DELETE", "1 = 1"
    yield f"{body}_no_change", body, "UPDATE", f"NOT ({emptied})"


def _inside_rules(vendor):
    """A redaction is asked for by one person and confirmed by another; the trail is added to and grows old."""
    table = RedactionRequest._meta.db_table
    settled = "OLD.confirmed_by_id IS NOT NULL"
    other = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("id", "kind", "row", "asked_by_id", "asked_at"))
    yield f"{table}_asked_first", table, "INSERT", "NEW.confirmed_by_id IS NOT NULL OR NEW.entry_id IS NOT NULL"
    yield f"{table}_two_people", table, "UPDATE", f"{settled} OR {other} OR NEW.confirmed_by_id = NEW.asked_by_id"
    yield f"{table}_no_delete", table, "DELETE", settled
    trail = TrailEntry._meta.db_table
    day = f"datetime('now', '-{KEPT_DAYS} days')" if vendor == "sqlite" else f"now() - interval '{KEPT_DAYS} days'"
    yield f"{trail}_no_change", trail, "UPDATE", "1 = 1"
    yield f"{trail}_no_delete", trail, "DELETE", f"OLD.at > {day}"
    if vendor == "sqlite":
        for each in (table, trail):
            is_there = f"EXISTS (SELECT 1 FROM {each} WHERE id = NEW.id)"  # noqa: S608  (our own names)
            yield f"{each}_no_replace", each, "INSERT", is_there


def names(vendor="sqlite"):
    """Names of all guards."""
    return [name for name, *_rest in _rules(vendor)]


def definitions(connection):
    """Name and table of every guard, and its texts to the letter as the database gives them back.

    That is the trigger; on PostgreSQL also its function, and the letter that says that it fires always.
    """
    if connection.vendor == "sqlite":
        for name, table, event, condition in _rules("sqlite"):
            refuse = f"BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
            yield name, table, f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {condition} {refuse}'
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(name), quote_literal(name) FROM current_schema() AS name")
        schema, quoted = cursor.fetchone()
    for name, table, event, condition in _rules("postgresql"):
        level = "STATEMENT" if event == "TRUNCATE" else "ROW"
        trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()"
        # Where a caller puts tables of the same name into a schema of their own, they are not looked at.
        function = (
            f"CREATE OR REPLACE FUNCTION {schema}.{name}()\n RETURNS trigger\n LANGUAGE plpgsql\n"
            f" SET search_path TO 'pg_catalog', {quoted}, 'pg_temp'\nAS $function$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{FINAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {RETURNED[event]}; END $function$\n"
        )
        yield name, table, trigger, function, "A"


def has_tables(using="default"):
    """Whether the tables that are guarded have been made."""
    return Evidence._meta.db_table in connections[using].introspection.table_names()


def install(using="default"):
    """Put every guard in place; what is there already is replaced."""
    connection = connections[using]
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()  # no table is altered while keys of rows written before wait to be checked
    remove(using)
    with connection.cursor() as cursor:
        for name, table, trigger, *more in definitions(connection):
            if more:
                cursor.execute(more[0])
            cursor.execute(trigger)
            if more:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(using="default"):
    """Take every guard off, for a migration or a test's clean-up."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table, _event, _condition in _rules(connection.vendor):
            if table in tables:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
