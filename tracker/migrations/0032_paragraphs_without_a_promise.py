"""Paragraphs of a working text of which a person said that they promise nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0031_reports_of_readers"),
    ]

    operations = [
        migrations.AddField(
            model_name="plantext",
            name="nothing",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="paragraphs that promise nothing, with the reason"
            ),
        ),
    ]
