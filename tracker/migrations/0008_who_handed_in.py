"""Who handed a row in for review. Rows from before do not say."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _handed_in_by(model):
    return migrations.AddField(
        model_name=model,
        name="submitted_by",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=settings.AUTH_USER_MODEL,
            verbose_name="handed in by",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tracker", "0007_passages"),
    ]

    operations = [_handed_in_by("update"), _handed_in_by("assessment")]
