"""Whether a database still guards what is final: what it holds is compared with what the code would make.

Names are not enough: a trigger can be made anew so that it never fires, and a constraint so that it lets all through.
So definitions are compared as the database gives them back, and what else acts on these tables is named. What its owner
takes off and puts back before anybody looks is not seen here; ``verify_ledger`` looks at what was done meanwhile.
"""

from functools import cache

from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import CheckConstraint

from .triggers import GUARDED, definitions

TABLES = {model._meta.db_table: model for model in GUARDED}
TURN = 0x48524151  # the lock of PostgreSQL of a host that prepares the database
HERE = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid, true), pg_get_functiondef(t.tgfoid), t.tgenabled::text "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE NOT t.tgisinternal AND n.nspname = current_schema() "
        "UNION ALL SELECT rulename, tablename, definition, '', '' FROM pg_rules WHERE schemaname = current_schema()"
    ),
}
CHECKS_AND_INDEXES = (  # by name what each says, without the name of its table
    "SELECT k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.contype = 'c' AND c.relname = ANY(%s) AND c.relnamespace = {place} UNION ALL "
    "SELECT c.relname, regexp_replace(pg_get_indexdef(c.oid), ' ON .* USING ', ' USING ') FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
    "WHERE i.indisvalid AND t.relname = ANY(%s) AND t.relnamespace = {place}"
)


def take_turn(using="default"):
    """Let one host after the other make what they share, tables and guards: each until its connection ends."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])


def behind(using="default"):
    """Whether a migration waits, after which guards and constraints are what the code would make."""
    executor = MigrationExecutor(connections[using])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def missing(using="default"):
    """Names of guards that are not in place, are switched off, or say something else than the code has them say."""
    return _triggers(connections[using])[0]


def amiss(using="default", *, thorough=False):
    """A sentence on each guard and constraint that is not as it was made, and on each trigger and rule not of ours.

    On PostgreSQL only the names of constraints are looked at unless ``thorough``: what they say can be compared with
    tables made anew alone, for which temporary ones are made and taken back.
    """
    connection = connections[using]
    guards, strangers = _triggers(connection)
    sentences = [f"The guard {name} is missing in the database." for name in guards]
    sentences += [f"Something that is not ours acts on {table}: {name}." for table, name in strangers]
    try:
        weak = (
            _weak_on_sqlite(connection) if connection.vendor == "sqlite" else _weak_on_postgresql(connection, thorough)
        )
    except DatabaseError as error:
        return [*sentences, f"The constraints cannot be compared: {error}"]
    return sentences + [f"The constraint {name} is missing in the database." for name in weak]


def _triggers(connection):
    """Names of guards that are not as they were made; tables and names of triggers and rules that are none of ours."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        installed = {(table, name): texts for name, table, *texts in cursor.fetchall()}
    ours = {(table, name): texts for name, table, *texts in definitions(connection)}
    guards = [name for (table, name), texts in ours.items() if installed.get((table, name)) != texts]
    return guards, sorted((table, name) for table, name in installed.keys() - ours if table in TABLES)


def _weak_on_sqlite(connection):
    """Names of constraints whose text is not in that of their table or index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        texts = dict(cursor.fetchall())
    weak = []
    for name, place, expected in _constraints_on_sqlite(connection.alias):
        text = texts.get(place, "")
        if expected not in text or "--" in text or "/*" in text:  # nor does it stand in a comment
            weak.append(name)
    return weak


@cache
def _constraints_on_sqlite(using):
    """Name of every constraint, the table or index in whose text it stands, and its own: the same for every probe."""
    texts, editor = [], connections[using].SchemaEditorClass(connections[using], collect_sql=True)
    for table, model in TABLES.items():
        for constraint in model._meta.constraints:
            check = isinstance(constraint, CheckConstraint)
            expected = constraint.constraint_sql(model, editor) if check else constraint.create_sql(model, editor)
            texts.append((constraint.name, table if check else constraint.name, str(expected)))
    return texts


def _weak_on_postgresql(connection, thorough):
    """Names of constraints that are not there or, where ``thorough``, say something else than on tables made anew."""
    names = [constraint.name for model in GUARDED for constraint in model._meta.constraints]
    with connection.cursor() as cursor:
        present = _checks_and_indexes(cursor, HERE)
        expected = _made_anew(connection, cursor) if thorough else present
    return [name for name in names if name not in present or present[name] != expected[name]]


def _made_anew(connection, cursor):
    """What the constraints of the code say once PostgreSQL has read them. Afterwards nothing is left of it."""
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    with transaction.atomic(connection.alias):
        for table, model in TABLES.items():
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE {table})")
            for constraint in model._meta.constraints:
                cursor.execute(str(constraint.create_sql(model, editor)))  # a temporary table is found first
        expected = _checks_and_indexes(cursor, "pg_my_temp_schema()")
        transaction.set_rollback(True, connection.alias)
    return expected


def _checks_and_indexes(cursor, place):
    cursor.execute(CHECKS_AND_INDEXES.format(place=place), [list(TABLES), list(TABLES)])
    return dict(cursor.fetchall())
