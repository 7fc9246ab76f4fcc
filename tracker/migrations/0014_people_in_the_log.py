"""A seal of each published row, by which its entry binds who wrote and reviewed it. Rows from before have none."""

from django.db import migrations, models


def _sealed(model):
    field = models.CharField(blank=True, editable=False, max_length=32, default="")
    return migrations.AddField(model_name=model, name="seal", field=field, preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0013_where_the_text_can_be_read"),
    ]

    operations = [_sealed("update"), _sealed("assessment")]
