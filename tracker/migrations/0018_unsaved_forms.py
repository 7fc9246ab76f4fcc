import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0017_languages_and_precision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
