import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0024_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="assessment_of_promise_or_right",
        ),
        migrations.RemoveConstraint(
            model_name="update",
            name="update_content_by_what",
        ),
        migrations.AlterField(
            model_name="assessment",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="tracker.body",
                verbose_name="whose finding",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("origin__isnull", False), _connector="OR"
                ),
                name="assessment_published_with_origin",
                violation_error_message="A finding says whose.",
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("commitment__isnull", True),
                        ("rung", ""),
                        ("verdict", ""),
                        ("what", "value"),
                        models.Q(
                            models.Q(("state", "published"), _negated=True), ("metric__isnull", False), _connector="OR"
                        ),
                    ),
                    models.Q(
                        ("commitment__isnull", True),
                        ("value__isnull", True),
                        ("verdict", ""),
                        ("what", "rung"),
                        models.Q(
                            models.Q(("state", "published"), _negated=True), ("metric__isnull", False), _connector="OR"
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
                            models.Q(("commitment__isnull", False), ("verdict__in", ["done", "in_part", "not_done"])),
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
        ),
        migrations.AddField(
            model_name="importbatch",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tracker.plan", verbose_name="plan"
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="tracker.importbatch"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="import_row_once"),
        ),
    ]
