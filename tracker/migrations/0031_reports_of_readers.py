"""What readers report, what became of it, and that they sent something, for a day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0030_what_came_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="notice",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="trailentry",
            name="deed",
            field=models.CharField(
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
    ]
