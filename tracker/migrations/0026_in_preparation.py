import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0025_imports_on_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelManagers(
            name="adherence",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="baselinefigure",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="baselinepassage",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="beneficiarygroup",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="body",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="category",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="commitment",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="instrument",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="metric",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="norm",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="normlink",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="plan",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="provision",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AlterModelManagers(
            name="source",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
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
                ("of_row", models.BooleanField(default=False, verbose_name="typed with a row that cites it")),
                ("of_plan", models.BooleanField(default=False, verbose_name="a plan")),
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
            },
        ),
        migrations.AddField(
            model_name="adherence",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="baselinefigure",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="baselinepassage",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="beneficiarygroup",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="metric",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="norm",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="normlink",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="provision",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="preparation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.preparation",
                verbose_name="in preparation with",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparation",
            constraint=models.CheckConstraint(
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
            ),
        ),
    ]
