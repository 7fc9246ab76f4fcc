"""The database refuses to change what is final: triggers for SQLite and PostgreSQL, in one place.

Published updates, assessments and their evidence, and the log, take no UPDATE and no DELETE, whoever asks: the shell,
raw SQL or a bulk action. A new log entry must be the next link of the chain, and evidence joins a row before the row
is published or never. The one way through is redaction: it may empty the texts of a row, and nothing else, when it
names the log entry that says why.

Every trigger names its own table only, so that migrations can rebuild tables. They come off before a migration and go
back after it; a system check and ``/healthz`` say when one is missing or is not the one that this module would make.
"""

from django.db import connections

from tracker.standalone.verify import FIRST

from . import Assessment, Evidence, LedgerBody, LedgerEntry, Update

TEXTS = {
    Update: ("summary", "caveat", "reason", "as_published", "arithmetic", "returned_note"),
    Assessment: ("summary", "caveat", "reason", "document", "returned_note"),
    Evidence: ("locator", "note", "file_name"),
}
FINAL = "published rows are final: publish a correction, a withdrawal or a redaction"


def _redacted_only(model, same):
    """A condition: nothing changed but texts, which are blank now, and the entry that says why."""
    texts = TEXTS[model]
    loose = {*texts, "redacted_by", "changes"}
    columns = [f.column for f in model._meta.concrete_fields if f.name not in loose]
    terms = ["OLD.redacted_by_id IS NULL", "NEW.redacted_by_id IS NOT NULL"]
    terms += [f'OLD."{column}" {same} NEW."{column}"' for column in columns]
    terms += [f"NEW.\"{text}\" = ''" for text in texts]
    if model is Update:  # an amendment's old and new words are text too
        terms.append(f"(OLD.changes {same} NEW.changes OR OLD.changes IS NOT NULL AND NEW.changes = '{{}}')")
    return " AND ".join(terms)


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
    for model in (Update, Assessment):
        table = model._meta.db_table
        published = "OLD.state = 'published'"
        change = f"{published} AND NOT ({_redacted_only(model, same)})"
        if vendor == "sqlite":
            yield f"{table}_no_replace", table, "INSERT", _replaces_published(table)
            change += f" OR {_replaces_published(table, ' AND id <> OLD.id')}"
        yield f"{table}_no_change", table, "UPDATE", change
        yield f"{table}_no_delete", table, "DELETE", published
    yield from _evidence_rules(vendor, same, other)
    yield from _ledger_rules(vendor, same, other)


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
    next_link = (
        f"NEW.seq {other} (SELECT COALESCE(MAX(seq), 0) + 1 FROM {ledger}) "  # noqa: S608  (names of our own tables)
        f"OR NEW.prev {other} COALESCE((SELECT hash FROM {ledger} ORDER BY seq DESC LIMIT 1), '{FIRST}') "
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
        written = f"EXISTS (SELECT 1 FROM {body} WHERE entry_id = NEW.entry_id)"  # noqa: S608
        yield f"{body}_no_replace", body, "INSERT", written
    yield f"{body}_no_delete", body, "DELETE", "1 = 1"
    yield f"{body}_no_change", body, "UPDATE", f"NOT ({emptied})"


def names(vendor="sqlite"):
    """Names of all guards."""
    return [name for name, *_rest in _rules(vendor)]


def _texts(vendor):
    """Name, table and event of every guard, and what the database keeps to the letter: a trigger or its function."""
    for name, table, event, condition in _rules(vendor):
        if vendor == "sqlite":
            text = (
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
            )
        else:
            text = (
                f" BEGIN IF {condition} THEN RAISE EXCEPTION '{FINAL}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END "
            )
        yield name, table, event, text


def has_tables(using="default"):
    """Whether the tables that are guarded have been made."""
    return Evidence._meta.db_table in connections[using].introspection.table_names()


def install(using="default"):
    """Put every guard in place; what is there already is replaced."""
    connection = connections[using]
    remove(using)
    with connection.cursor() as cursor:
        for name, table, event, text in _texts(connection.vendor):
            if connection.vendor == "postgresql":
                cursor.execute(f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $${text}$$')
                text = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'
            cursor.execute(text)


def remove(using="default"):
    """Take every guard off, for a migration or a test's clean-up."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table, _event, _condition in _rules(connection.vendor):
            if table in tables:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def missing(using="default"):
    """Names of guards that are not in place, are switched off, or say something else than this module has them say."""
    connection = connections[using]
    catalogue = {
        "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        installed = {(name, table): text for name, table, text in cursor.fetchall()}
    texts = _texts(connection.vendor)
    return [name for name, table, _event, text in texts if installed.get((name, table)) != text]
