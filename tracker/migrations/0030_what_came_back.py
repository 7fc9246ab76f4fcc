from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0029_answers_to_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="returned_as",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="update",
            name="returned_as",
            field=models.JSONField(blank=True, editable=False, null=True),
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
                    ("signed_in", "signed in"),
                    ("account", "changed an account"),
                ],
                max_length=20,
                verbose_name="what was done",
            ),
        ),
    ]
