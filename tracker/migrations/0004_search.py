"""The texts that a search looks through, and each database's own index of them; filled after migrating (0032)."""

from django.db import migrations, models

# FTS5 keeps the index and reads the texts from the table; triggers keep it in step, whoever writes the table. Its
# plainest tokenizer cuts at blanks, which is where the texts were cut: every sign beyond ASCII belongs to a word.
SQLITE = (
    "CREATE VIRTUAL TABLE tracker_search USING fts5("
    "text, content='tracker_searchtext', content_rowid='key', tokenize='ascii', prefix='2 3')",
    "CREATE TRIGGER tracker_searchtext_added AFTER INSERT ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_search(rowid, text) VALUES (NEW.key, NEW.text); END",
    "CREATE TRIGGER tracker_searchtext_removed AFTER DELETE ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_search(tracker_search, rowid, text) VALUES ('delete', OLD.key, OLD.text); END",
    "CREATE TRIGGER tracker_searchtext_changed AFTER UPDATE ON tracker_searchtext BEGIN "
    "INSERT INTO tracker_search(tracker_search, rowid, text) VALUES ('delete', OLD.key, OLD.text); "
    "INSERT INTO tracker_search(rowid, text) VALUES (NEW.key, NEW.text); END",
)
SQLITE_BACK = (
    "DROP TRIGGER tracker_searchtext_added",
    "DROP TRIGGER tracker_searchtext_removed",
    "DROP TRIGGER tracker_searchtext_changed",
    "DROP TABLE tracker_search",
)
# The words with their places, as they were cut: PostgreSQL's own parser would cut them again, by the locale.
POSTGRESQL = (
    "CREATE FUNCTION tracker_search_vector(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT AS "
    "$$ SELECT coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector "
    "FROM unnest(string_to_array($1, ' ')) WITH ORDINALITY AS words (word, place) WHERE word <> '' $$",
    "ALTER TABLE tracker_searchtext ADD COLUMN vector tsvector "
    "GENERATED ALWAYS AS (tracker_search_vector(text)) STORED",
    "CREATE INDEX tracker_searchtext_vector ON tracker_searchtext USING gin (vector)",
)
POSTGRESQL_BACK = (
    "ALTER TABLE tracker_searchtext DROP COLUMN vector",
    "DROP FUNCTION tracker_search_vector(text)",
)


def index(apps, schema_editor):
    """Make each database's own index over the table."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def no_index(apps, schema_editor):
    """Take it away again."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0003_evidence_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="key of the wording")),
                ("subject", models.CharField(db_index=True, max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="words")),
            ],
            options={
                "verbose_name": "text for searching",
                "verbose_name_plural": "texts for searching",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(index, no_index),
    ]
