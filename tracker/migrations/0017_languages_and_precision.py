"""Languages are tags of languages, and the precision of a source's date is one of three. No column changes."""

from django.db import migrations, models

from tracker.text.languages import language_tag


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0016_trail_of_the_staff"),
    ]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="language",
            field=models.CharField(
                default="en", max_length=12, validators=[language_tag], verbose_name="language of the text"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="language",
            field=models.CharField(blank=True, max_length=12, validators=[language_tag], verbose_name="language"),
        ),
        migrations.AlterField(
            model_name="source",
            name="published_precision",
            field=models.CharField(
                blank=True,
                choices=[("day", "day"), ("month", "month"), ("year", "year")],
                max_length=10,
                verbose_name="precision of that date",
            ),
        ),
    ]
