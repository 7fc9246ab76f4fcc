"""What people see of the registry changes by amendment alone: an amendment names a record of any of its tables."""

from django.db import migrations, models

AMENDED = (
    *("metric", "commitment", "body", "source", "group", "instrument", "norm", "plan", "category", "provision"),
    *("baseline", "passage", "adherence", "link"),
)
FURTHER = {
    "group": "beneficiarygroup",
    "instrument": "instrument",
    "norm": "norm",
    "plan": "plan",
    "category": "category",
    "provision": "provision",
    "baseline": "baselinefigure",
    "passage": "baselinepassage",
    "adherence": "adherence",
    "link": "normlink",
}
NOT_AMENDED = ~models.Q(what="amendment") & models.Q(**{f"{name}__isnull": True for name in AMENDED[2:]})
ONE_OF = [models.Q(**{f"{each}__isnull": each != name for each in AMENDED}) for name in AMENDED]


def amended(model):
    """A field that names a record which an amendment changes."""
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=models.deletion.PROTECT,
        related_name="amendments",
        to=f"tracker.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0014_people_in_the_log"),
    ]

    operations = [
        *(migrations.AddField(model_name="update", name=name, field=amended(model)) for name, model in FURTHER.items()),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=NOT_AMENDED | models.Q(what="amendment") & models.Q(*ONE_OF, _connector="OR"),
                name="update_amends_one_record",
                violation_error_message="An amendment changes one record, and nothing else names one that is only amended.",
            ),
        ),
    ]
