"""Parts of words and words nearly alike for the search of everything; what is indexed is made anew after migrating.

PostgreSQL finds both by its extension pg_trgm, which comes with it; the owner of a database may add it since 13.
"""

from django.db import migrations

# Three letters at a time of the same texts, as they stand: they are folded. And the words of the index as a table.
SQLITE = (
    "DELETE FROM tracker_searchtext",
    "CREATE VIRTUAL TABLE tracker_searchgrams USING fts5("
    "text, content='tracker_searchtext', content_rowid='key', tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE tracker_searchwords USING fts5vocab(tracker_search, 'row')",
    "CREATE TRIGGER tracker_searchgrams_added AFTER INSERT ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_searchgrams(rowid, text) VALUES (NEW.key, NEW.text); END",
    "CREATE TRIGGER tracker_searchgrams_removed AFTER DELETE ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_searchgrams(tracker_searchgrams, rowid, text) VALUES ('delete', OLD.key, OLD.text); END",
    "CREATE TRIGGER tracker_searchgrams_changed AFTER UPDATE ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_searchgrams(tracker_searchgrams, rowid, text) VALUES ('delete', OLD.key, OLD.text); "
    "INSERT INTO tracker_searchgrams(rowid, text) VALUES (NEW.key, NEW.text); END",
)
SQLITE_BACK = (
    "DROP TRIGGER tracker_searchgrams_added",
    "DROP TRIGGER tracker_searchgrams_removed",
    "DROP TRIGGER tracker_searchgrams_changed",
    "DROP TABLE tracker_searchwords",
    "DROP TABLE tracker_searchgrams",
    "DELETE FROM tracker_searchtext",
)
POSTGRESQL = (
    "DELETE FROM tracker_searchtext",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX tracker_searchtext_grams ON tracker_searchtext USING gin (text gin_trgm_ops)",
)
# Others may use the extension by now.
POSTGRESQL_BACK = ("DROP INDEX tracker_searchtext_grams", "DELETE FROM tracker_searchtext")


def index(apps, schema_editor):
    """Make each database's own index, over no text yet."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def no_index(apps, schema_editor):
    """Take it away again, and what was indexed, which earlier code would name by other keys."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0032_paragraphs_without_a_promise"),
    ]

    operations = [
        migrations.RunPython(index, no_index),
    ]
