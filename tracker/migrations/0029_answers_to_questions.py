import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0028_texts_of_plans"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="meant",
                field=models.TextField(blank=True, editable=False, verbose_name="questions that were answered"),
            )
            for name in ("assessment", "update")
        ),
        # Words alone: stage, finding, record.
        migrations.AlterModelOptions(
            name="assessment",
            options={
                "permissions": [("publish_assessment", "Can publish assessments")],
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
            },
        ),
        migrations.AlterField(
            model_name="assessment",
            name="reason",
            field=models.TextField(
                blank=True, help_text="Why it replaces what was published; public.", verbose_name="reason"
            ),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="target_rung",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="metric",
            name="rungs",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="The stages, lowest first, as a list of words.",
                verbose_name="stages",
            ),
        ),
        migrations.AlterField(
            model_name="metric",
            name="shape",
            field=models.CharField(
                choices=[("number", "number"), ("ladder", "stages")], max_length=10, verbose_name="shape"
            ),
        ),
        migrations.AlterField(
            model_name="redactionrequest",
            name="kind",
            field=models.CharField(max_length=30, verbose_name="kind of record"),
        ),
        migrations.AlterField(
            model_name="redactionrequest",
            name="row",
            field=models.PositiveBigIntegerField(verbose_name="number of the record"),
        ),
        migrations.AlterField(
            model_name="trailentry",
            name="kind",
            field=models.CharField(blank=True, max_length=30, verbose_name="kind of record"),
        ),
        migrations.AlterField(
            model_name="trailentry",
            name="row",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="number of the record"),
        ),
        migrations.AlterField(
            model_name="update",
            name="reason",
            field=models.TextField(
                blank=True, help_text="Why it replaces what was published; public.", verbose_name="reason"
            ),
        ),
        migrations.AlterConstraint(
            model_name="assessment",
            name="assessment_replaces_with_reason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("reason", ""), _negated=True),
                    ("redacted_by__isnull", False),
                    _connector="OR",
                ),
                name="assessment_replaces_with_reason",
                violation_error_message="What replaces something published says why.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="commitment",
            name="commitment_rung_with_milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rule", "milestone"), models.Q(("target_rung", ""), _negated=True)),
                    models.Q(models.Q(("rule", "milestone"), _negated=True), ("target_rung", "")),
                    _connector="OR",
                ),
                name="commitment_rung_with_milestone",
                violation_error_message="A milestone has a target stage, and nothing else has one.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="evidence",
            name="evidence_of_update_or_assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("update_record__isnull", True), ("assessment__isnull", True), _connector="XOR"),
                name="evidence_of_update_or_assessment",
                violation_error_message="Evidence supports one update or one finding.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="metric",
            name="metric_shape_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("shape__in", ["number", "ladder"])),
                name="metric_shape_known",
                violation_error_message="The shape of a metric is a number or stages.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="metric",
            name="metric_number_has_unit_and_nature",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AlterConstraint(
            model_name="update",
            name="update_replaces_with_reason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("reason", ""), _negated=True),
                    ("redacted_by__isnull", False),
                    _connector="OR",
                ),
                name="update_replaces_with_reason",
                violation_error_message="What replaces something published says why.",
            ),
        ),
    ]
