"""All tables, as the 36 migrations before the first release left them; a site that ran all of those goes on from here.

One that ran only some of them has to run the rest with the code of before: docs/upgrading.md.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import tracker.models.commitments
import tracker.models.metrics
import tracker.text.languages
from tracker.models.roles import ADMINISTRATOR, CHECKER, COMPILER, PERMISSIONS, USER_PERMISSIONS

REPLACED = (
    "0001_records",
    "0002_roles",
    "0003_evidence_files",
    "0004_search",
    "0005_foundations",
    "0006_foundation_roles",
    "0007_passages",
    "0008_who_handed_in",
    "0009_findings_read",
    "0010_method_1_1",
    "0011_why_a_test_changed",
    "0012_sides_and_symbols",
    "0013_where_the_text_can_be_read",
    "0014_people_in_the_log",
    "0015_amend_every_table",
    "0016_trail_of_the_staff",
    "0017_languages_and_precision",
    "0018_unsaved_forms",
    "0019_contributors_and_redaction_by_two",
    "0020_contributors_known",
    "0021_who_works_on_what",
    "0022_accounts_of_people",
    "0023_messages_to_the_staff",
    "0024_jobs",
    "0025_imports_on_record",
    "0026_in_preparation",
    "0027_states",
    "0028_texts_of_plans",
    "0029_answers_to_questions",
    "0030_what_came_back",
    "0031_reports_of_readers",
    "0032_paragraphs_without_a_promise",
    "0033_search_everything",
    "0034_recommendations",
    "0035_recommendation_roles",
    "0036_cosignatures",
)


# FTS5 keeps the index and reads the texts from the table; triggers keep it in step, whoever writes the table. Its
# plainest tokenizer cuts at blanks, which is where the texts were cut: every sign beyond ASCII belongs to a word. The
# second index holds three letters at a time, for parts of words; the words of the first are a table, too.
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
    "DROP TRIGGER tracker_searchtext_added",
    "DROP TRIGGER tracker_searchtext_removed",
    "DROP TRIGGER tracker_searchtext_changed",
    "DROP TABLE tracker_search",
)
# The words with their places, as they were cut: PostgreSQL's own parser would cut them again, by the locale. Parts of
# words are found by its extension pg_trgm, which comes with it; the owner of a database may add it since 13.
POSTGRESQL = (
    "CREATE FUNCTION tracker_search_vector(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT AS "
    "$$ SELECT coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector "
    "FROM unnest(string_to_array($1, ' ')) WITH ORDINALITY AS words (word, place) WHERE word <> '' $$",
    "ALTER TABLE tracker_searchtext ADD COLUMN vector tsvector "
    "GENERATED ALWAYS AS (tracker_search_vector(text)) STORED",
    "CREATE INDEX tracker_searchtext_vector ON tracker_searchtext USING gin (vector)",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX tracker_searchtext_grams ON tracker_searchtext USING gin (text gin_trgm_ops)",
)
# Others may use the extension by now.
POSTGRESQL_BACK = (
    "DROP INDEX tracker_searchtext_grams",
    "ALTER TABLE tracker_searchtext DROP COLUMN vector",
    "DROP FUNCTION tracker_search_vector(text)",
)


def index(apps, schema_editor):
    """Make each database's own index of the texts that a search looks through; it is filled after migrating."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def no_index(apps, schema_editor):
    """Take it away again."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


def roles(apps, schema_editor):
    """The groups that staff belong to, with their permissions, and the two closed accounts of the seed files.

    Permissions are normally made after all migrations, so they are asked for here first.
    """
    for label in ("auth", "tracker"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role, allowed in PERMISSIONS.items():
        codenames = [f"{verb}_{model}" for verb, models in allowed.items() for model in models]
        if role == ADMINISTRATOR:
            codenames += USER_PERMISSIONS
        group, _created = Group.objects.get_or_create(name=role)
        found = Permission.objects.filter(codename__in=codenames, content_type__app_label__in=("auth", "tracker"))
        group.permissions.set(found)
    User = apps.get_model("auth", "User")
    for username in (COMPILER, CHECKER):
        User.objects.get_or_create(
            username=username, defaults={"is_active": False, "is_staff": False, "password": make_password(None)}
        )


def no_roles(apps, schema_editor):
    """Groups go; the accounts stay, because the log may name them."""
    apps.get_model("auth", "Group").objects.filter(name__in=PERMISSIONS).delete()


class AtOnce(Operation):
    """Tables made one after the other of one state: Django puts all models together anew for each by itself."""

    def __init__(self, tables):
        self.tables = tables

    def state_forwards(self, app_label, state):
        vars(state).pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, *arguments):
        for table in self.tables:
            table.database_forwards(*arguments)

    def database_backwards(self, *arguments):
        for table in reversed(self.tables):
            table.database_backwards(*arguments)


class Migration(migrations.Migration):
    initial = True
    replaces = [("tracker", name) for name in REPLACED]
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("action", models.CharField(max_length=40, verbose_name="action")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("role", models.CharField(max_length=40, verbose_name="role")),
                ("body_hash", models.CharField(max_length=64, verbose_name="hash of the text")),
                ("prev", models.CharField(max_length=64, verbose_name="hash before")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="hash")),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "ordering": ["-seq"],
                "indexes": [models.Index(fields=["subject", "seq"], name="ledger_by_subject")],
            },
        ),
        migrations.CreateModel(
            name="LedgerBody",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="body",
                        serialize=False,
                        to="tracker.ledgerentry",
                    ),
                ),
                ("salt", models.CharField(blank=True, max_length=64)),
                ("text", models.TextField(null=True)),
                (
                    "redacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="tracker.ledgerentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a log entry",
                "verbose_name_plural": "texts of log entries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_by__isnull", True), ("text__isnull", False)),
                            models.Q(("redacted_by__isnull", False), ("salt", ""), ("text__isnull", True)),
                            _connector="OR",
                        ),
                        name="ledger_body_gone_only_with_reason",
                        violation_error_message="A text is gone only where another entry says why.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(verbose_name="entries")),
                ("text", models.TextField(verbose_name="text that is signed")),
                ("witness", models.CharField(max_length=200, verbose_name="witness")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("line", models.TextField(verbose_name="signature")),
            ],
            options={
                "verbose_name": "cosignature",
                "verbose_name_plural": "cosignatures",
                "ordering": ["-size", "witness"],
                "constraints": [models.UniqueConstraint(fields=("text", "witness"), name="cosignature_unique")],
            },
        ),
        migrations.CreateModel(
            name="SeedProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.CharField(max_length=80)),
                ("place", models.CharField(blank=True, max_length=220)),
                ("message", models.TextField()),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("differences", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "problem with seed files",
                "verbose_name_plural": "problems with seed files",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SeedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.CharField(max_length=80)),
                ("table", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("fingerprint", models.CharField(max_length=64)),
                ("file", models.CharField(max_length=200)),
                ("position", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "seed row",
                "verbose_name_plural": "seed rows",
                "constraints": [models.UniqueConstraint(fields=("folder", "table", "key"), name="seed_row_unique")],
            },
        ),
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "address of a calendar",
                "verbose_name_plural": "addresses of calendars",
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="what is done")),
                ("subject", models.PositiveBigIntegerField(verbose_name="number of what it is done to")),
                ("address", models.CharField(max_length=200, verbose_name="where it leads")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("stopped", "stopped"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="of")),
                ("asked_at", models.DateTimeField(verbose_name="asked for")),
                ("said_at", models.DateTimeField(verbose_name="last heard of")),
                ("stop", models.BooleanField(default=False, verbose_name="to be stopped")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who asked",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of work",
                "verbose_name_plural": "pieces of work",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.CharField(
                        choices=[
                            ("review", "Something waits for my review"),
                            ("returned", "Something came back to me"),
                            ("published", "Something of mine was published"),
                            ("due", "Something of mine is due within a week"),
                            ("report", "A report came in from a reader"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("row", models.PositiveBigIntegerField(null=True)),
                ("subject", models.CharField(max_length=200, verbose_name="about")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("read_at", models.DateTimeField(null=True)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["to", "read_at"], name="messages_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=("to", "kind", "subject", "due_on"),
                        name="message_of_what_is_due_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Once a day, all together"),
                            ("never", "Never: I look at the desk"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="By mail",
                    ),
                ),
                ("not_of", models.JSONField(blank=True, default=list)),
                ("digest_on", models.DateField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of messages",
                "verbose_name_plural": "choices of messages",
            },
        ),
        migrations.CreateModel(
            name="StaffAccount",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="staff_account",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proved_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("vouched_by", models.ManyToManyField(related_name="vouches_for", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "account",
            },
        ),
        migrations.CreateModel(
            name="StaffLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("mailed", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "link to set a password",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Preparation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted for review"),
                            ("returned", "returned with a reason"),
                            ("published", "published"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("contributors", models.TextField(blank=True, editable=False, verbose_name="who wrote and changed it")),
                (
                    "returned_note",
                    models.TextField(blank=True, help_text="Never public.", verbose_name="reviewer's note"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "subject",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="what it is for",
                    ),
                ),
                ("of_plan", models.BooleanField(default=False, verbose_name="a plan")),
                ("of_row", models.BooleanField(default=False, verbose_name="typed with a row that cites it")),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                ("changed_at", models.DateTimeField(verbose_name="last changed")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="records")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last editor",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="log entry",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed in by",
                    ),
                ),
            ],
            options={
                "verbose_name": "preparation",
                "verbose_name_plural": "preparations",
                "ordering": ["-changed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "published"), _negated=True),
                                ("entry__isnull", True),
                                ("opened_at__isnull", True),
                            ),
                            models.Q(
                                ("entry__isnull", False),
                                ("opened_at__isnull", False),
                                ("reviewer__isnull", False),
                                ("state", "published"),
                                models.Q(("reviewer", models.F("author")), _negated=True),
                                models.Q(("reviewer", models.F("edited_by")), _negated=True),
                                ("submitted_by__isnull", False),
                                models.Q(("reviewer", models.F("submitted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="preparation_opened_with_four_eyes",
                        violation_error_message="It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Permanent; part of addresses.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "government"),
                            ("state_media", "state media"),
                            ("state_sponsored", "state-sponsored organisation"),
                            ("intergovernmental", "intergovernmental organisation"),
                            ("treaty_body_or_mandate", "treaty body or mandate"),
                            ("national_institution", "national human rights institution"),
                            ("academic", "academic institution"),
                            ("civil_society", "civil society organisation"),
                            ("media", "media"),
                            ("company", "company"),
                            ("foreign_government", "foreign government, or what it funds"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("official", "official"),
                            ("un", "UN"),
                            ("independent", "independent"),
                            ("unknown", "side unknown"),
                        ],
                        help_text="Official: bodies of a State, its media, and what it founded, funds or directs; to plans of other States they are foreign governments. Unknown: nobody could find out whose it is; never independent by default.",
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The State that it belongs to; blank for none, such as UN bodies and associations.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="State",
                    ),
                ),
                (
                    "why",
                    models.TextField(
                        help_text="One sentence: why this kind and this side.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "government",
                                    "state_media",
                                    "state_sponsored",
                                    "intergovernmental",
                                    "treaty_body_or_mandate",
                                    "national_institution",
                                    "academic",
                                    "civil_society",
                                    "media",
                                    "company",
                                    "foreign_government",
                                ],
                            )
                        ),
                        name="body_kind_known",
                        violation_error_message="The kind of a body is one of the kinds listed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["official", "un", "independent", "unknown"])),
                        name="body_side_known",
                        violation_error_message="The side of a body is official, un, independent or unknown.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=400,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                ("address", models.URLField(blank=True, max_length=800, verbose_name="address")),
                (
                    "reason_withheld",
                    models.CharField(
                        blank=True,
                        help_text="Where no address was confirmed.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why no address is shown",
                    ),
                ),
                (
                    "un_symbol",
                    models.CharField(
                        blank=True,
                        help_text="Of the document that it is, reprints or reports, where it is certain. The link follows from it.",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A\\b(?:A|E|S|ST|HRI|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[A-Z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+\\Z",
                                "Write the symbol as the document has it, such as E/C.12/CHN/CO/3 or A/HRC/56/6, without blanks.",
                            )
                        ],
                        verbose_name="symbol of the UN document",
                    ),
                ),
                ("published", models.DateField(blank=True, null=True, verbose_name="published")),
                (
                    "published_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=10,
                        verbose_name="precision of that date",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        max_length=12,
                        validators=[tracker.text.languages.language_tag],
                        verbose_name="language",
                    ),
                ),
                ("archived", models.URLField(blank=True, max_length=800, verbose_name="archived copy")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="hash of the copy")),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="tracker.body",
                        verbose_name="publisher",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), ("reason_withheld", ""), _connector="XOR"),
                        name="source_address_or_reason",
                        violation_error_message="A source has an address, or the reason why none is shown, and not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published__isnull", True), ("published_precision", "")),
                            models.Q(
                                ("published__isnull", False), ("published_precision__in", ["day", "month", "year"])
                            ),
                            _connector="OR",
                        ),
                        name="source_date_has_precision",
                        violation_error_message="A date of publication has a precision: day, month or year.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Metric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Permanent; part of addresses.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=160,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                (
                    "definition",
                    models.TextField(
                        help_text="Numerator, denominator, population, and the moment or period it speaks of.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="definition",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[("number", "number"), ("ladder", "stages")], max_length=10, verbose_name="shape"
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stock", "stock (level at a moment)"),
                            ("average", "average over a period"),
                            ("flow", "flow (amount during a period)"),
                            ("event", "event"),
                        ],
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="unit",
                    ),
                ),
                (
                    "decimals",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(6)],
                        verbose_name="decimals",
                    ),
                ),
                (
                    "rungs",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The stages, lowest first, as a list of words.",
                        verbose_name="stages",
                    ),
                ),
                (
                    "statistic",
                    models.TextField(
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="statistic that answers it",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The State in which it is measured; blank for the world, or several States.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="State",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        default="national",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="scope",
                    ),
                ),
                (
                    "lag_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Months after a period's end at which a figure normally appears.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="lag in months",
                    ),
                ),
                (
                    "problems",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="known problems",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("school_year", "school year"),
                            ("fiscal_year", "fiscal year"),
                            ("term", "term of a body"),
                        ],
                        help_text="Blank for a calendar year, or a moment.",
                        max_length=12,
                        verbose_name="period",
                    ),
                ),
                (
                    "period_ends",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="month in which its year ends",
                    ),
                ),
                (
                    "term_years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="years of a term",
                    ),
                ),
                (
                    "period_because",
                    models.TextField(
                        blank=True,
                        help_text="Needed where it is no calendar year.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why that period",
                    ),
                ),
                (
                    "only_grows_because",
                    models.TextField(
                        blank=True,
                        help_text="Why what is reached once stays so: a count that cannot fall, a rule that stands. Else blank.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why it can only grow",
                    ),
                ),
                (
                    "no_statistic_because",
                    models.TextField(
                        blank=True,
                        help_text="Where none is known that could: what was looked at. Else blank.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why no statistic shows it",
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="metrics",
                        to="tracker.body",
                        verbose_name="published by",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "metric",
                "verbose_name_plural": "metrics",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shape__in", ["number", "ladder"])),
                        name="metric_shape_known",
                        violation_error_message="The shape of a metric is a number or stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decimals__isnull", False),
                                ("nature__in", ["stock", "average", "flow", "event"]),
                                ("rungs", []),
                                ("shape", "number"),
                                models.Q(("unit", ""), _negated=True),
                            ),
                            models.Q(
                                ("decimals__isnull", True),
                                ("nature", ""),
                                ("shape", "ladder"),
                                ("unit", ""),
                                models.Q(("rungs", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="metric_number_has_unit_and_nature",
                        violation_error_message="A number has a nature, a unit and decimals, and no stages; what has stages has no others.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("period", ""), ("period_ends__isnull", True), ("term_years__isnull", True)),
                            models.Q(
                                ("period__in", ["school_year", "fiscal_year"]),
                                ("period_ends__isnull", False),
                                ("term_years__isnull", True),
                                models.Q(("period_because", ""), _negated=True),
                            ),
                            models.Q(
                                ("period", "term"),
                                ("period_ends__isnull", True),
                                ("term_years__isnull", False),
                                models.Q(("period_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="metric_period_is_whole",
                        violation_error_message="A school or fiscal year has the month in which it ends, a term its years, and both say why.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "short_title",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="short title",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=12,
                        validators=[tracker.text.languages.language_tag],
                        verbose_name="language of the text",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default="",
                        help_text="The State that made it. What its bodies say is what the State says.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="State",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(
                        help_text="First day of the month or year where the day is not known.",
                        verbose_name="published on",
                    ),
                ),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        default="day",
                        max_length=10,
                        verbose_name="precision of that date",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                (
                    "texts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Each as “language: address”, such as “en: https://…”: addresses at which the text was seen.",
                        verbose_name="where its text can be read",
                    ),
                ),
                (
                    "findings_read",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many findings in public sources were read before release.",
                        null=True,
                        verbose_name="findings read",
                    ),
                ),
                (
                    "findings_used",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many of them any record here rests on.",
                        null=True,
                        verbose_name="findings used",
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="tracker.body",
                        verbose_name="publisher",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["-starts_on", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="plan_period_runs_forward",
                        violation_error_message="A plan ends after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("published_precision__in", ["day", "month", "year"])),
                        name="plan_precision_known",
                        violation_error_message="The precision of a date is day, month or year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("findings_read__isnull", True), ("findings_used__isnull", True)),
                            models.Q(
                                ("findings_read__isnull", False),
                                ("findings_used__isnull", False),
                                ("findings_used__lte", models.F("findings_read")),
                            ),
                            _connector="OR",
                        ),
                        name="plan_findings_used_were_read",
                        violation_error_message="Findings that are used were read: give both numbers, or neither.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="As the plan has it.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "short_title",
                    models.CharField(
                        help_text="Label for pictures and menus.",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="short title",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order in the plan")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tracker.category",
                        verbose_name="parent",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="categories",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="category_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="category_not_its_own_parent",
                        violation_error_message="A category cannot be its own parent.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("dash", "paragraph opened by a dash"),
                            ("intro", "introduction to a chapter or section"),
                            ("objective", "stated objective of the plan"),
                        ],
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Short and neutral, in our own words.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "heading",
                    models.CharField(
                        blank=True,
                        help_text="The plan's own heading, to the letter; may be blank.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="heading",
                    ),
                ),
                (
                    "other_figures",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Each with the reason why, such as “2020: year in the name of a law”; “3 × 16: …” for three.",
                        verbose_name="figures that are no targets",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order in the plan")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provisions",
                        to="tracker.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provisions",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision",
                "verbose_name_plural": "provisions",
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="provision_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["dash", "intro", "objective"])),
                        name="provision_form_known",
                        violation_error_message="The form of a provision is dash, intro or objective.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__isnull", False), ("form", "objective"), _connector="OR"),
                        name="provision_has_category",
                        violation_error_message="Only an objective may stand outside the plan's categories.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="BeneficiaryGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "beneficiary group",
                "verbose_name_plural": "beneficiary groups",
                "ordering": ["name"],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Permanent: never reused or renumbered.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order in the plan")),
                (
                    "title",
                    models.CharField(
                        help_text="Our neutral words: the act, not the plan's frame.",
                        max_length=90,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "quote",
                    models.CharField(
                        help_text="The shortest run of the plan's words that carries the promise, to the letter; 25 words at most.",
                        max_length=400,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            ),
                            tracker.models.commitments.validate_quote,
                        ],
                        verbose_name="quote",
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        blank=True,
                        help_text="Words of the passage outside the quote that limit the promise, to the letter.",
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="qualifier",
                    ),
                ),
                (
                    "test",
                    models.TextField(
                        help_text="One sentence, written before any evidence is read, that says what counts as kept.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="test",
                    ),
                ),
                (
                    "test_changed_because",
                    models.TextField(
                        blank=True,
                        help_text="Where the test was written or changed after evidence was read: why, and what it asked before.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why the test changed",
                    ),
                ),
                (
                    "other_reading",
                    models.TextField(
                        blank=True,
                        help_text="Where the text allows two readings: the other, and its result.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="other reading",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("quantity", "Quantity"),
                            ("law", "Law or policy document"),
                            ("institution", "Institution or facility"),
                            ("programme", "Programme or service"),
                            ("safeguard", "Safeguard"),
                            ("reporting", "Report, review or event"),
                            ("aim", "Aim"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("structure", "Structure"), ("process", "Process"), ("outcome", "Outcome")],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("reach", "Reach a level"),
                            ("hold", "Hold a level every year"),
                            ("change", "Change from a base year"),
                            ("total", "Amount over the whole plan"),
                            ("milestone", "Reach a stage"),
                            ("judge", "Judged against a written test"),
                            ("uphold", "Standing duty"),
                            ("direction", "Move in a direction"),
                        ],
                        max_length=20,
                        verbose_name="rule",
                    ),
                ),
                (
                    "comparator",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("≥", "at least"),
                            (">", "more than"),
                            ("≤", "at most"),
                            ("<", "less than"),
                            ("≈", "about"),
                        ],
                        max_length=1,
                        verbose_name="comparator",
                    ),
                ),
                (
                    "target_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="In the metric's unit; for a change, percent with its sign (−20 for a fall by 20 percent).",
                        max_digits=20,
                        null=True,
                        validators=[tracker.models.metrics.validate_digits],
                        verbose_name="target",
                    ),
                ),
                (
                    "tolerance",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="For “about”, in the metric's unit; 10 percent of the target unless the text says more. With ≥ or ≤, where more, or less, is better, it is the room that “about” leaves.",
                        max_digits=20,
                        null=True,
                        validators=[tracker.models.metrics.validate_digits],
                        verbose_name="tolerance",
                    ),
                ),
                (
                    "target_rung",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="target stage",
                    ),
                ),
                ("base_date", models.DateField(blank=True, null=True, verbose_name="base date")),
                ("deadline", models.DateField(verbose_name="deadline")),
                (
                    "deadline_basis",
                    models.CharField(
                        choices=[
                            ("stated", "stated in the text"),
                            ("period_end", "end of the plan's period"),
                            ("standing", "standing duty, tested throughout"),
                        ],
                        max_length=20,
                        verbose_name="basis of the deadline",
                    ),
                ),
                (
                    "carried_from",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="carried from an earlier plan",
                    ),
                ),
                (
                    "settled_by",
                    models.TextField(
                        blank=True,
                        help_text="What would show what became of it, and who publishes that.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="what would settle it",
                    ),
                ),
                (
                    "bodies",
                    models.ManyToManyField(
                        blank=True,
                        related_name="commitments",
                        to="tracker.body",
                        verbose_name="bodies that the text names",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        related_name="commitments",
                        to="tracker.beneficiarygroup",
                        verbose_name="beneficiary groups",
                    ),
                ),
                (
                    "beside",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Other statistics that bear on the promise: shown with it, never computed with.",
                        related_name="stands_beside",
                        to="tracker.metric",
                        verbose_name="statistics shown beside",
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="tracker.metric",
                        verbose_name="metric",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="tracker.provision",
                        verbose_name="provision",
                    ),
                ),
            ],
            options={
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="commitment_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "quantity"), ("rule__in", ("reach", "hold", "change", "total"))),
                            models.Q(("kind", "law"), ("rule__in", ("milestone",))),
                            models.Q(("kind", "institution"), ("rule__in", ("milestone", "judge"))),
                            models.Q(("kind", "programme"), ("rule__in", ("milestone", "judge"))),
                            models.Q(("kind", "safeguard"), ("rule__in", ("uphold",))),
                            models.Q(("kind", "reporting"), ("rule__in", ("milestone", "judge"))),
                            models.Q(("kind", "aim"), ("rule__in", ("direction", "judge"))),
                            _connector="OR",
                        ),
                        name="commitment_rule_fits_kind",
                        violation_error_message="This kind of commitment does not allow this rule.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["structure", "process", "outcome"])),
                        name="commitment_level_known",
                        violation_error_message="The level is structure, process or outcome.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("comparator__in", ["≥", ">", "≤", "<", "≈"]),
                                ("rule__in", ("reach", "hold", "change", "total")),
                                ("target_value__isnull", False),
                            ),
                            models.Q(
                                ("comparator__in", [">", "<"]), ("rule", "direction"), ("target_value__isnull", True)
                            ),
                            models.Q(
                                ("comparator", ""),
                                ("target_value__isnull", True),
                                models.Q(
                                    ("rule__in", ["reach", "hold", "change", "total", "direction"]), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_target_with_number_rule",
                        violation_error_message="A rule about a number has a target and a comparator; a direction has > or < and no target; the other rules have neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("metric__isnull", False),
                                ("rule__in", ("reach", "hold", "change", "total", "milestone", "direction")),
                            ),
                            models.Q(
                                ("metric__isnull", True),
                                models.Q(
                                    ("rule__in", ("reach", "hold", "change", "total", "milestone", "direction")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_metric_with_measured_rule",
                        violation_error_message="A rule about a number, a stage or a direction has a metric; a judged or standing one has none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", "milestone"), models.Q(("target_rung", ""), _negated=True)),
                            models.Q(models.Q(("rule", "milestone"), _negated=True), ("target_rung", "")),
                            _connector="OR",
                        ),
                        name="commitment_rung_with_milestone",
                        violation_error_message="A milestone has a target stage, and nothing else has one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("tolerance__gt", 0),
                                ("tolerance__isnull", False),
                                ("rule__in", ["reach", "hold", "change", "total"]),
                            ),
                            models.Q(("tolerance__isnull", True), models.Q(("comparator", "≈"), _negated=True)),
                            _connector="OR",
                        ),
                        name="commitment_tolerance_with_about",
                        violation_error_message="“About” has a tolerance above 0, and only a rule with a number has one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", "change"), _negated=True), ("base_date__isnull", False), _connector="OR"
                        ),
                        name="commitment_change_has_base_date",
                        violation_error_message="A change is counted from a base date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "standing"), ("rule", "uphold")),
                            models.Q(
                                models.Q(("rule", "uphold"), _negated=True),
                                ("deadline_basis__in", ["stated", "period_end"]),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_standing_is_upheld",
                        violation_error_message="A standing duty has a standing deadline, and nothing else has one.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted for review"),
                            ("returned", "returned with a reason"),
                            ("published", "published"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("contributors", models.TextField(blank=True, editable=False, verbose_name="who wrote and changed it")),
                (
                    "returned_note",
                    models.TextField(blank=True, help_text="Never public.", verbose_name="reviewer's note"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why it replaces what was published; public.", verbose_name="reason"
                    ),
                ),
                (
                    "summary",
                    models.TextField(help_text="What it records, in our own words; public.", verbose_name="summary"),
                ),
                (
                    "caveat",
                    models.TextField(blank=True, help_text="What is weak about it; public.", verbose_name="caveat"),
                ),
                (
                    "reread",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "read again: confirmed"),
                            ("corrected", "read again: corrected"),
                            ("not found again", "not found again"),
                        ],
                        max_length=20,
                        verbose_name="second reading",
                    ),
                ),
                ("returned_as", models.JSONField(blank=True, editable=False, null=True)),
                ("seed_key", models.CharField(blank=True, max_length=120, verbose_name="key in the seed files")),
                ("meant", models.TextField(blank=True, editable=False, verbose_name="questions that were answered")),
                (
                    "batch",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=32,
                        verbose_name="import that it came with",
                    ),
                ),
                ("seal", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "says",
                    models.CharField(
                        choices=[
                            ("kept", "kept"),
                            ("partly", "partly kept"),
                            ("not_kept", "not kept"),
                            ("qualifies", "qualifies"),
                            ("notes", "notes, without a verdict"),
                        ],
                        max_length=12,
                        verbose_name="says",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="speaks of the time from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="speaks of the time to")),
                ("as_of", models.DateField(verbose_name="date of the finding")),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        default="day",
                        max_length=10,
                        verbose_name="precision",
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="document and paragraph",
                    ),
                ),
                (
                    "finds_harm",
                    models.BooleanField(
                        default=False,
                        help_text="It finds that keeping this promise itself harms the right.",
                        verbose_name="finds harm",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdraws what it replaces")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last editor",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="tracker.assessment",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "replies_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="tracker.assessment",
                        verbose_name="replies to",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed in by",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="tracker.body",
                        verbose_name="whose finding",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="tracker.category",
                        verbose_name="right",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="log entry",
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="redacted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "permissions": [("publish_assessment", "Can publish assessments")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "published"), _negated=True), ("entry__isnull", True)),
                            models.Q(
                                ("state", "published"),
                                ("entry__isnull", False),
                                ("reviewer__isnull", False),
                                models.Q(("reviewer", models.F("author")), _negated=True),
                                models.Q(("reviewer", models.F("edited_by")), _negated=True),
                                models.Q(
                                    ("contributors", ""),
                                    models.Q(("reviewer", models.F("submitted_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_published_with_four_eyes",
                        violation_error_message="It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            ("redacted_by__isnull", False),
                            _connector="OR",
                        ),
                        name="assessment_replaces_with_reason",
                        violation_error_message="What replaces something published says why.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("replaces",),
                        name="assessment_corrections_are_a_line",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True), models.Q(("seed_key", ""), _negated=True)),
                        fields=("seed_key",),
                        name="assessment_seed_key_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("category__isnull", True),
                                ("commitment__isnull", True),
                                models.Q(("state", "published"), _negated=True),
                            ),
                            models.Q(("commitment__isnull", True), ("category__isnull", True), _connector="XOR"),
                            _connector="OR",
                        ),
                        name="assessment_of_promise_or_right",
                        violation_error_message="A finding is about one promise or about one right, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True), ("origin__isnull", False), _connector="OR"
                        ),
                        name="assessment_published_with_origin",
                        violation_error_message="A finding says whose.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("says__in", ["kept", "partly", "not_kept", "qualifies", "notes"])),
                        name="assessment_says_known",
                        violation_error_message="A finding says kept, partly, not_kept, qualifies or notes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BaselineFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Permanent.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens, such as rural-tap-water.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order in the document")),
                (
                    "form",
                    models.CharField(
                        choices=[("figure", "figure"), ("act", "act")], max_length=10, verbose_name="form"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Our neutral words: what was counted or done.",
                        max_length=90,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="part and paragraph",
                    ),
                ),
                (
                    "quote",
                    models.CharField(
                        max_length=300,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            ),
                            tracker.models.commitments.validate_quote,
                        ],
                        verbose_name="quote",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=20,
                        null=True,
                        validators=[tracker.models.metrics.validate_digits],
                        verbose_name="value",
                    ),
                ),
                (
                    "as_published",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="as published",
                    ),
                ),
                (
                    "bound",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "exactly"),
                            ("at_least", "at least"),
                            ("more_than", "more than"),
                            ("at_most", "at most"),
                            ("less_than", "less than"),
                            ("about", "about"),
                        ],
                        max_length=12,
                        verbose_name="bound",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="unit",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stock", "stock (level at a moment)"),
                            ("average", "average over a period"),
                            ("flow", "flow (amount during a period)"),
                            ("event", "event"),
                        ],
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="period from")),
                ("as_of", models.DateField(help_text="End of the period, or the moment.", verbose_name="as of")),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=10,
                        verbose_name="precision",
                    ),
                ),
                (
                    "undated",
                    models.BooleanField(
                        default=False,
                        help_text="The text gives no date of its own: the document's last year stands.",
                        verbose_name="undated",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "as reported"),
                            ("derived", "derived, with the arithmetic"),
                            ("converted", "converted, with the factor"),
                        ],
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="scope",
                    ),
                ),
                (
                    "same_series",
                    models.BooleanField(
                        default=False,
                        help_text="Its definition agrees with that of the metrics; the note says why.",
                        verbose_name="same series",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="note",
                    ),
                ),
                (
                    "citations",
                    models.JSONField(
                        default=list,
                        help_text="Every place that gives it: source, place, and what is said otherwise there.",
                        verbose_name="citations",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baseline",
                        to="tracker.category",
                        verbose_name="right",
                    ),
                ),
                (
                    "commitments",
                    models.ManyToManyField(
                        blank=True,
                        related_name="baseline",
                        to="tracker.commitment",
                        verbose_name="commitments that it is context for",
                    ),
                ),
                (
                    "metrics",
                    models.ManyToManyField(
                        blank=True,
                        related_name="baseline",
                        to="tracker.metric",
                        verbose_name="metrics that it stands near",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baseline",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baseline",
                        to="tracker.source",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "baseline figure",
                "verbose_name_plural": "baseline figures",
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="baseline_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("bound__in", ["exact", "at_least", "more_than", "at_most", "less_than", "about"]),
                                ("form", "figure"),
                                ("nature__in", ["stock", "average", "flow", "event"]),
                                ("value__isnull", False),
                                ("how__in", ["reported", "derived", "converted"]),
                                models.Q(("unit", ""), _negated=True),
                                models.Q(("as_published", ""), _negated=True),
                            ),
                            models.Q(
                                ("as_published", ""),
                                ("bound", ""),
                                ("form", "act"),
                                ("how", ""),
                                ("nature", ""),
                                ("unit", ""),
                                ("value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="baseline_number_by_form",
                        violation_error_message="A figure has a number, bound, unit, nature and making; an act has none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("precision__in", ["day", "month", "year"])),
                        name="baseline_precision_known",
                        violation_error_message="The precision of a date is day, month or year.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True), ("starts_on__lte", models.F("as_of")), _connector="OR"
                        ),
                        name="baseline_period_runs_forward",
                        violation_error_message="A period ends after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("same_series", False), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="baseline_same_series_has_note",
                        violation_error_message="A figure of the metric's own series says why it is one.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="BaselinePassage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="part and paragraph",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order in the document")),
                (
                    "other_figures",
                    models.JSONField(
                        help_text="Each with the reason why, such as “2016: year of the figure beside it”; “3 × 16: …” for three.",
                        verbose_name="figures that are not recorded",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baseline_passages",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baseline_passages",
                        to="tracker.source",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage of the baseline",
                "verbose_name_plural": "passages of the baseline",
                "ordering": ["plan", "order"],
                "constraints": [models.UniqueConstraint(fields=("plan", "code"), name="baseline_passage_unique")],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="by the day")),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="note",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by whom",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to whom",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.category",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.commitment",
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.metric",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("category__isnull", True), ("commitment__isnull", False), ("metric__isnull", True)
                            ),
                            models.Q(
                                ("category__isnull", True), ("commitment__isnull", True), ("metric__isnull", False)
                            ),
                            models.Q(
                                ("category__isnull", False), ("commitment__isnull", True), ("metric__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="assignment_is_of_one_thing",
                        violation_error_message="One promise, one metric or one right is assigned.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("commitment",),
                        name="assignment_of_a_commitment_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("metric",),
                        name="assignment_of_a_metric_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("category",),
                        name="assignment_of_a_category_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32, unique=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("file_name", models.CharField(blank=True, max_length=120, verbose_name="file")),
                ("file_hash", models.CharField(max_length=64, verbose_name="hash of the file")),
                ("layout", models.CharField(max_length=10, verbose_name="layout")),
                ("columns", models.JSONField(default=list)),
                ("new_sources", models.BooleanField(default=False, verbose_name="registers sources")),
                ("count", models.PositiveIntegerField(verbose_name="rows")),
                ("examined_at", models.DateTimeField(blank=True, null=True)),
                ("chosen", models.JSONField(blank=True, null=True)),
                ("drafted", models.PositiveIntegerField(default=0, verbose_name="drafted")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("cells", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("whole", "whole"),
                            ("likely", "whole with the likely answers"),
                            ("open", "open"),
                            ("again", "there already"),
                            ("refused", "refused"),
                            ("left", "left out"),
                            ("drafted", "drafted"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="what becomes of it",
                    ),
                ),
                ("outcome", models.JSONField(default=dict)),
                ("key", models.CharField(blank=True, max_length=120)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("made", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="tracker.importbatch"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("batch", "number"), name="import_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("treaty", "Treaty"),
                            ("goals", "Development goals"),
                            ("mechanism", "Review mechanism"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "symbol",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="official symbol",
                    ),
                ),
                ("address", models.URLField(blank=True, max_length=400, verbose_name="address of its text")),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruments",
                        to="tracker.body",
                        verbose_name="body that reviews it",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "instrument",
                "verbose_name_plural": "instruments",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["treaty", "goals", "mechanism"])),
                        name="instrument_kind_known",
                        violation_error_message="The kind of an instrument is treaty, goals or mechanism.",
                    )
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Adherence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order")),
                (
                    "participation",
                    models.CharField(
                        choices=[
                            ("party", "party"),
                            ("signed", "signed, not a party"),
                            ("none", "neither signed nor a party"),
                            ("member", "takes part as a member of the United Nations"),
                        ],
                        max_length=10,
                        verbose_name="participation",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                (
                    "precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=10,
                        verbose_name="precision",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="note",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adherences",
                        to="tracker.instrument",
                        verbose_name="instrument",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adherences",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adherences",
                        to="tracker.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "adherence",
                "verbose_name_plural": "adherences",
                "ordering": ["plan", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="adherence_code_unique"),
                    models.UniqueConstraint(fields=("plan", "instrument"), name="adherence_once"),
                    models.CheckConstraint(
                        condition=models.Q(("participation__in", ["party", "signed", "none", "member"])),
                        name="adherence_known",
                        violation_error_message="A State is a party, has signed, is neither, or takes part as a member.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("precision", ""), ("since__isnull", True)),
                            models.Q(("precision__in", ["day", "month", "year"]), ("since__isnull", False)),
                            _connector="OR",
                        ),
                        name="adherence_date_has_precision",
                        violation_error_message="A date has a precision: day, month or year.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Norm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="As it is cited.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="In our own words.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="title",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="norms",
                        to="tracker.instrument",
                        verbose_name="instrument",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "norm",
                "verbose_name_plural": "norms",
                "ordering": ["instrument", "pk"],
                "constraints": [models.UniqueConstraint(fields=("instrument", "number"), name="norm_number_unique")],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="NormLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order")),
                (
                    "rationale",
                    models.CharField(
                        max_length=240,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="norm_links",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "norm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="tracker.norm",
                        verbose_name="norm",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="norm_links",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
            ],
            options={
                "verbose_name": "link to a norm",
                "verbose_name_plural": "links to norms",
                "ordering": ["plan", "order"],
                "constraints": [models.UniqueConstraint(fields=("plan", "code"), name="norm_link_unique")],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PlanText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="name of the file")),
                ("kind", models.CharField(max_length=10, verbose_name="kind of file")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("lines", models.JSONField(verbose_name="lines")),
                ("corrections", models.JSONField(blank=True, default=list, verbose_name="corrections of the cut")),
                ("aside", models.JSONField(blank=True, default=dict, verbose_name="figures set aside, by paragraph")),
                (
                    "nothing",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="paragraphs that promise nothing, with the reason"
                    ),
                ),
                ("said", models.JSONField(blank=True, default=list, verbose_name="what was said of the file")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose change",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_text",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a plan",
                "verbose_name_plural": "texts of plans",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default="",
                        help_text="The State that it is addressed to.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="State",
                    ),
                ),
                (
                    "mechanism",
                    models.CharField(
                        choices=[
                            ("upr", "Universal Periodic Review"),
                            ("treaty_body", "treaty body"),
                            ("special_procedure", "special procedure"),
                        ],
                        max_length=20,
                        verbose_name="mechanism",
                    ),
                ),
                (
                    "symbol",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A\\b(?:A|E|S|ST|HRI|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[A-Z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+\\Z",
                                "Write the symbol as the document has it, such as E/C.12/CHN/CO/3 or A/HRC/56/6, without blanks.",
                            )
                        ],
                        verbose_name="symbol of the document",
                    ),
                ),
                (
                    "paragraph",
                    models.CharField(
                        help_text="As it is cited: 28.12, or 7 (c).",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="paragraph",
                    ),
                ),
                ("published", models.DateField(verbose_name="published")),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=10,
                        verbose_name="precision of that date",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="In our own words, or as the document has it.",
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="what is recommended",
                    ),
                ),
                ("verbatim", models.BooleanField(default=False, verbose_name="in the document's words")),
                (
                    "recommended_by",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="In a review by States: who recommends it.",
                        verbose_name="recommending States",
                    ),
                ),
                ("themes", models.JSONField(blank=True, default=list, verbose_name="themes")),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("supported", "supported"),
                            ("partly", "supported in part"),
                            ("noted", "noted"),
                            ("answered", "answered, without saying whether it supports it"),
                        ],
                        help_text="Blank: none is on record.",
                        max_length=12,
                        verbose_name="the State's reply",
                    ),
                ),
                (
                    "reply_words",
                    models.CharField(
                        blank=True,
                        max_length=240,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="the reply in its own words",
                    ),
                ),
                (
                    "reply_symbol",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A\\b(?:A|E|S|ST|HRI|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[A-Z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+\\Z",
                                "Write the symbol as the document has it, such as E/C.12/CHN/CO/3 or A/HRC/56/6, without blanks.",
                            )
                        ],
                        verbose_name="document of the reply",
                    ),
                ),
                (
                    "reply_paragraph",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="paragraph of the reply",
                    ),
                ),
                (
                    "index_id",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="id in the Universal Human Rights Index",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="tracker.body",
                        verbose_name="whose",
                    ),
                ),
                (
                    "norms",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Articles, targets or the cycle of review that it is about.",
                        related_name="recommendations",
                        to="tracker.norm",
                        verbose_name="norms",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="tracker.source",
                        verbose_name="read in",
                    ),
                ),
            ],
            options={
                "verbose_name": "recommendation",
                "verbose_name_plural": "recommendations",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mechanism__in", ["upr", "treaty_body", "special_procedure"])),
                        name="recommendation_mechanism_known",
                        violation_error_message="The mechanism is upr, treaty_body or special_procedure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reply", ""), ("reply_paragraph", ""), ("reply_symbol", ""), ("reply_words", "")),
                            ("reply__in", ["supported", "partly", "noted", "answered"]),
                            _connector="OR",
                        ),
                        name="recommendation_reply_known",
                        violation_error_message="A reply is supported, partly, noted or answered. Without one, nothing is said of it.",
                    ),
                ],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RecommendationLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=140,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits, and single dots and hyphens, such as CRC or 3.8.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="order")),
                (
                    "rationale",
                    models.CharField(
                        max_length=240,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="why",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_links",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_links",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "preparation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.preparation",
                        verbose_name="in preparation with",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="tracker.recommendation",
                        verbose_name="recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "link to a recommendation",
                "verbose_name_plural": "links to recommendations",
                "ordering": ["plan", "order"],
                "constraints": [models.UniqueConstraint(fields=("plan", "code"), name="recommendation_link_unique")],
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted for review"),
                            ("returned", "returned with a reason"),
                            ("published", "published"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("contributors", models.TextField(blank=True, editable=False, verbose_name="who wrote and changed it")),
                (
                    "returned_note",
                    models.TextField(blank=True, help_text="Never public.", verbose_name="reviewer's note"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why it replaces what was published; public.", verbose_name="reason"
                    ),
                ),
                (
                    "summary",
                    models.TextField(help_text="What it records, in our own words; public.", verbose_name="summary"),
                ),
                (
                    "caveat",
                    models.TextField(blank=True, help_text="What is weak about it; public.", verbose_name="caveat"),
                ),
                (
                    "reread",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "read again: confirmed"),
                            ("corrected", "read again: corrected"),
                            ("not found again", "not found again"),
                        ],
                        max_length=20,
                        verbose_name="second reading",
                    ),
                ),
                ("returned_as", models.JSONField(blank=True, editable=False, null=True)),
                ("seed_key", models.CharField(blank=True, max_length=120, verbose_name="key in the seed files")),
                ("meant", models.TextField(blank=True, editable=False, verbose_name="questions that were answered")),
                (
                    "batch",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=32,
                        verbose_name="import that it came with",
                    ),
                ),
                ("seal", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("value", "value"),
                            ("rung", "stage reached"),
                            ("judgement", "judgement against the test"),
                            ("search", "search in vain"),
                            ("amendment", "amendment"),
                            ("withdrawal", "withdrawal"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=20,
                        null=True,
                        validators=[tracker.models.metrics.validate_digits],
                        verbose_name="value",
                    ),
                ),
                (
                    "as_published",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="as published",
                    ),
                ),
                (
                    "bound",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "exactly"),
                            ("at_least", "at least"),
                            ("more_than", "more than"),
                            ("at_most", "at most"),
                            ("less_than", "less than"),
                            ("about", "about"),
                        ],
                        max_length=12,
                        verbose_name="bound",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="period from")),
                (
                    "as_of",
                    models.DateField(
                        help_text="End of the period, or the moment; never the press conference.", verbose_name="as of"
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        default="day",
                        max_length=10,
                        verbose_name="precision",
                    ),
                ),
                (
                    "fits",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "the same statistic"),
                            ("near", "a near statistic, computed with and said"),
                            ("other", "another statistic, shown beside"),
                        ],
                        max_length=10,
                        verbose_name="fits the metric",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "as reported"),
                            ("derived", "derived, with the arithmetic"),
                            ("converted", "converted, with the factor"),
                        ],
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                (
                    "arithmetic",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="arithmetic",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        help_text="Only if other than the metric's.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="scope",
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="stage",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("done", "done"), ("in_part", "done in part"), ("not_done", "not done")],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "withheld",
                    models.BooleanField(
                        default=False,
                        help_text="With a search: evidence shows that the figure is secret, no longer published or never collected.",
                        verbose_name="not published by the State",
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("limited", "limited: some places were looked at"),
                            (
                                "full",
                                "full: the gazette, the responsible body's own site and a general search, in the State's language",
                            ),
                        ],
                        max_length=10,
                        verbose_name="reach",
                    ),
                ),
                (
                    "places",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="places looked at",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="words looked for",
                    ),
                ),
                (
                    "languages",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="languages",
                    ),
                ),
                (
                    "year_not_stated",
                    models.BooleanField(
                        default=False,
                        help_text="The source does not say of which year the figure is.",
                        verbose_name="year not stated",
                    ),
                ),
                ("changes", models.JSONField(blank=True, null=True, verbose_name="changes")),
                (
                    "adherence",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.adherence",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "baseline",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.baselinefigure",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.body",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.category",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last editor",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="log entry",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.beneficiarygroup",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.instrument",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.normlink",
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="tracker.metric",
                        verbose_name="metric",
                    ),
                ),
                (
                    "norm",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.norm",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="tracker.body",
                        verbose_name="whose figure or act",
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.baselinepassage",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.plan",
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.provision",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.recommendation",
                    ),
                ),
                (
                    "recommendation_link",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.recommendationlink",
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="redacted by",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="tracker.update",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="tracker.source",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed in by",
                    ),
                ),
            ],
            options={
                "verbose_name": "update",
                "verbose_name_plural": "updates",
                "permissions": [("publish_update", "Can publish updates")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")), fields=["metric", "as_of"], name="update_by_metric"
                    ),
                    models.Index(
                        condition=models.Q(("state", "published")), fields=["replaces"], name="update_by_replaced"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "published"), _negated=True), ("entry__isnull", True)),
                            models.Q(
                                ("state", "published"),
                                ("entry__isnull", False),
                                ("reviewer__isnull", False),
                                models.Q(("reviewer", models.F("author")), _negated=True),
                                models.Q(("reviewer", models.F("edited_by")), _negated=True),
                                models.Q(
                                    ("contributors", ""),
                                    models.Q(("reviewer", models.F("submitted_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="update_published_with_four_eyes",
                        violation_error_message="It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            ("redacted_by__isnull", False),
                            _connector="OR",
                        ),
                        name="update_replaces_with_reason",
                        violation_error_message="What replaces something published says why.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("replaces",),
                        name="update_corrections_are_a_line",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True), models.Q(("seed_key", ""), _negated=True)),
                        fields=("seed_key",),
                        name="update_seed_key_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("commitment__isnull", True),
                                ("rung", ""),
                                ("verdict", ""),
                                ("what", "value"),
                                models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    ("metric__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("commitment__isnull", True),
                                ("value__isnull", True),
                                ("verdict", ""),
                                ("what", "rung"),
                                models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    ("metric__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    models.Q(("rung", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("metric__isnull", True),
                                ("rung", ""),
                                ("value__isnull", True),
                                ("what", "judgement"),
                                models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    models.Q(
                                        ("commitment__isnull", False), ("verdict__in", ["done", "in_part", "not_done"])
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("metric__isnull", True),
                                ("rung", ""),
                                ("value__isnull", True),
                                ("verdict", ""),
                                ("what", "search"),
                                models.Q(
                                    models.Q(("state", "published"), _negated=True),
                                    ("commitment__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("changes__isnull", False),
                                ("rung", ""),
                                ("value__isnull", True),
                                ("verdict", ""),
                                ("what", "amendment"),
                            ),
                            models.Q(("replaces__isnull", False), ("what", "withdrawal")),
                            _connector="OR",
                        ),
                        name="update_content_by_what",
                        violation_error_message="A value or a stage belongs to a metric, a judgement or a search to a commitment, and each has what it records and nothing else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("what", "amendment"), _negated=True),
                                ("adherence__isnull", True),
                                ("baseline__isnull", True),
                                ("body__isnull", True),
                                ("category__isnull", True),
                                ("group__isnull", True),
                                ("instrument__isnull", True),
                                ("link__isnull", True),
                                ("norm__isnull", True),
                                ("passage__isnull", True),
                                ("plan__isnull", True),
                                ("provision__isnull", True),
                                ("recommendation__isnull", True),
                                ("recommendation_link__isnull", True),
                                ("source__isnull", True),
                            ),
                            models.Q(
                                ("what", "amendment"),
                                models.Q(
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", False),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", False),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", False),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", False),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", False),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", False),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", False),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", False),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", False),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", False),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", False),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", False),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", False),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", False),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", False),
                                        ("recommendation_link__isnull", True),
                                        ("source__isnull", True),
                                    ),
                                    models.Q(
                                        ("adherence__isnull", True),
                                        ("baseline__isnull", True),
                                        ("body__isnull", True),
                                        ("category__isnull", True),
                                        ("commitment__isnull", True),
                                        ("group__isnull", True),
                                        ("instrument__isnull", True),
                                        ("link__isnull", True),
                                        ("metric__isnull", True),
                                        ("norm__isnull", True),
                                        ("passage__isnull", True),
                                        ("plan__isnull", True),
                                        ("provision__isnull", True),
                                        ("recommendation__isnull", True),
                                        ("recommendation_link__isnull", False),
                                        ("source__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="update_amends_one_record",
                        violation_error_message="An amendment changes one record, and nothing else names one that is only amended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), ("what", "value"), _negated=True),
                            models.Q(
                                ("bound__in", ["exact", "at_least", "more_than", "at_most", "less_than", "about"]),
                                ("fits__in", ["same", "near", "other"]),
                                ("how__in", ["reported", "derived", "converted"]),
                                ("value__isnull", False),
                                ("origin__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="update_published_value_is_whole",
                        violation_error_message="A published value has a number, bound, fit, making and origin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True), ("starts_on__lte", models.F("as_of")), _connector="OR"
                        ),
                        name="update_period_runs_forward",
                        violation_error_message="A period ends after it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file_hash",
                    models.CharField(blank=True, db_index=True, max_length=64, verbose_name="hash of the file"),
                ),
                ("file_name", models.CharField(blank=True, max_length=120, verbose_name="name of the file")),
                ("file_type", models.CharField(blank=True, max_length=100, verbose_name="type of the file")),
                ("file_size", models.PositiveIntegerField(default=0, verbose_name="size of the file in bytes")),
                ("stored", models.CharField(blank=True, max_length=32, verbose_name="where the file is kept")),
                (
                    "locator",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="where in it",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        max_length=400,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\0\\s](?:[^\\0\\r\\n]*[^\\0\\s])?\\Z",
                                "Write this on one line, without blanks before or after it.",
                            )
                        ],
                        verbose_name="note",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tracker.assessment",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tracker.source",
                        verbose_name="source",
                    ),
                ),
                (
                    "update_record",
                    models.ForeignKey(
                        blank=True,
                        db_column="update_id",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tracker.update",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("update_record__isnull", True), ("assessment__isnull", True), _connector="XOR"
                        ),
                        name="evidence_of_update_or_assessment",
                        violation_error_message="Evidence supports one update or one finding.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file_hash", ""),
                                ("file_name", ""),
                                ("file_size", 0),
                                ("file_type", ""),
                                ("stored", ""),
                            ),
                            models.Q(
                                ("file_size__gt", 0),
                                models.Q(("file_hash", ""), _negated=True),
                                models.Q(("file_type", ""), _negated=True),
                                models.Q(("stored", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_file_is_whole",
                        violation_error_message="A file has a hash, a type, a size and a place, or there is none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedactionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="kind of record")),
                ("row", models.PositiveBigIntegerField(verbose_name="number of the record")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.ledgerentry",
                        verbose_name="log entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "redaction asked for",
                "verbose_name_plural": "redactions asked for",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("entry__isnull", True)),
                        fields=("kind", "row"),
                        name="redaction_asked_for_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_by__isnull", True),
                                ("entry__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("entry__isnull", False),
                                ("reason", ""),
                                models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="redaction_takes_two_people",
                        violation_error_message="A redaction says why, and is confirmed by somebody who did not ask for it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file_hash",
                    models.CharField(blank=True, db_index=True, max_length=64, verbose_name="hash of the file"),
                ),
                ("file_name", models.CharField(blank=True, max_length=120, verbose_name="name of the file")),
                ("file_type", models.CharField(blank=True, max_length=100, verbose_name="type of the file")),
                ("file_size", models.PositiveIntegerField(default=0, verbose_name="size of the file in bytes")),
                ("stored", models.CharField(blank=True, max_length=32, verbose_name="where the file is kept")),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                (
                    "wrong",
                    models.CharField(
                        choices=[
                            ("fact", "A figure, a date or a fact is wrong"),
                            ("missing", "Something is missing: a newer figure, a document, a finding"),
                            ("source", "A source or its link is wrong, or does not say this"),
                            ("reading", "The promise, the test or a finding is misread"),
                            ("person", "Somebody could be found or harmed by what stands here"),
                            ("reply", "We are named here, or are responsible, and reply"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="what is wrong",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="in the reader's words")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="link")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="who")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="where to reach them")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "became",
                    models.CharField(
                        choices=[
                            ("waiting", "not looked at yet"),
                            ("needs_source", "needs a source before anything can be done"),
                            ("drafted", "being worked on: nothing changes before two people have looked at it"),
                            ("changed", "something was changed"),
                            ("answered", "looked at; nothing had to be changed"),
                            ("refused", "not followed"),
                            ("duplicate", "reported by somebody else already"),
                            ("no_report", "advertising or abuse, and no report"),
                        ],
                        default="waiting",
                        max_length=15,
                        verbose_name="what became of it",
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("source_says_otherwise", "the source does not say what was reported"),
                            ("no_source", "no source was given, and none was found"),
                            ("method", "the method decides this, and was followed"),
                            ("opinion", "it is an opinion on the promise, and not on what is recorded"),
                            ("outside", "it is about something that this site does not record"),
                            ("safety", "it would put somebody in danger"),
                        ],
                        max_length=25,
                        verbose_name="because",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.assessment",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.commitment",
                    ),
                ),
                ("entries", models.ManyToManyField(blank=True, related_name="+", to="tracker.ledgerentry")),
                (
                    "finding_draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tracker.assessment",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tracker.readerreport",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.source",
                    ),
                ),
                (
                    "update_draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tracker.update",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a reader",
                "verbose_name_plural": "reports of readers",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["became", "at"], name="reports_by_outcome")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assessment__isnull", True), ("commitment__isnull", False), ("source__isnull", True)
                            ),
                            models.Q(
                                ("assessment__isnull", False), ("commitment__isnull", True), ("source__isnull", True)
                            ),
                            models.Q(
                                ("assessment__isnull", True), ("commitment__isnull", True), ("source__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="report_is_about_one_thing",
                        violation_error_message="A report is about one promise, one finding or one source.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("became", "refused"), _negated=True),
                            (
                                "because__in",
                                ["source_says_otherwise", "no_source", "method", "opinion", "outside", "safety"],
                            ),
                            _connector="OR",
                        ),
                        name="report_refused_says_why",
                        violation_error_message="A report that is not followed says why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file_hash", ""),
                                ("file_name", ""),
                                ("file_size", 0),
                                ("file_type", ""),
                                ("stored", ""),
                            ),
                            models.Q(
                                ("file_size__gt", 0),
                                models.Q(("file_hash", ""), _negated=True),
                                models.Q(("file_type", ""), _negated=True),
                                models.Q(("stored", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_file_is_whole",
                        violation_error_message="A file has a hash, a type, a size and a place, or there is none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderSending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "sending of a reader",
                "verbose_name_plural": "sendings of readers",
                "indexes": [models.Index(fields=["key", "at"], name="sendings_of_an_address")],
            },
        ),
        migrations.CreateModel(
            name="AttachedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the whole text")),
                ("quotes", models.PositiveIntegerField(verbose_name="quotes")),
                (
                    "missing",
                    models.JSONField(
                        blank=True, default=list, verbose_name="codes of the quotes that stand nowhere in it"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attached",
                        to="tracker.ledgerentry",
                        verbose_name="log entry",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attached",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="Blank for the plan's own text.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attached",
                        to="tracker.source",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "attached text",
                "verbose_name_plural": "attached texts",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source__isnull", True)), fields=("plan",), name="attached_plan_text_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source__isnull", False)),
                        fields=("plan", "source"),
                        name="attached_source_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*\\Z",
                                "Use letters and digits, with single full stops between them.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="tracker.attachedtext",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("document", "code"), name="passage_code_unique")],
            },
        ),
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
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("edited", "edited"),
                            ("submitted", "handed in"),
                            ("taken_back", "took back"),
                            ("returned", "returned"),
                            ("published", "published"),
                            ("discarded", "discarded"),
                            ("redaction_asked", "asked for a redaction"),
                            ("redaction_declined", "declined a redaction"),
                            ("redacted", "redacted"),
                            ("registered", "registered"),
                            ("imported", "imported"),
                            ("loaded", "loaded seed files"),
                            ("assigned", "assigned"),
                            ("report", "decided on a reader's report"),
                            ("signed_in", "signed in"),
                            ("account", "changed an account"),
                        ],
                        max_length=20,
                        verbose_name="what was done",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=30, verbose_name="kind of record")),
                ("row", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="number of the record")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="what it was done to")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="detail")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the trail",
                "verbose_name_plural": "trail",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["kind", "row"], name="trail_of_a_row")],
            },
        ),
        migrations.CreateModel(
            name="UnsavedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True, verbose_name="key of the opened form")),
                ("address", models.CharField(max_length=600, verbose_name="address of the form")),
                ("fields", models.JSONField(default=dict, verbose_name="what was typed, by field")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="seal of what was saved")),
                ("became", models.CharField(blank=True, max_length=600, verbose_name="address of what it became")),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose text",
                    ),
                ),
            ],
            options={
                "verbose_name": "unsaved form",
                "verbose_name_plural": "unsaved forms",
                "indexes": [models.Index(fields=["person", "address"], name="unsaved_of_a_person")],
            },
        ),
    ]
    operations = [
        AtOnce(operations),
        migrations.RunPython(index, no_index),
        migrations.RunPython(roles, no_roles),
    ]
