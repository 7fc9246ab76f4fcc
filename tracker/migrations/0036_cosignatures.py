"""Signatures of witnesses under checkpoints of the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0035_recommendation_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(verbose_name="entries")),
                ("text", models.TextField(verbose_name="text that is signed")),
                ("witness", models.CharField(max_length=200, verbose_name="witness")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("line", models.TextField(verbose_name="signature")),
            ],
            options={
                "verbose_name": "cosignature",
                "verbose_name_plural": "cosignatures",
                "ordering": ["-size", "witness"],
                "constraints": [models.UniqueConstraint(fields=("text", "witness"), name="cosignature_unique")],
            },
        ),
    ]
