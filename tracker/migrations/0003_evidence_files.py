"""The file that a piece of evidence may carry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0002_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="file_hash",
            field=models.CharField(blank=True, db_index=True, max_length=64, verbose_name="hash of the file"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="name of the file"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file_size",
            field=models.PositiveIntegerField(default=0, verbose_name="size of the file in bytes"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file_type",
            field=models.CharField(blank=True, max_length=100, verbose_name="type of the file"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="stored",
            field=models.CharField(blank=True, max_length=32, verbose_name="where the file is kept"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file_hash", ""), ("file_name", ""), ("file_size", 0), ("file_type", ""), ("stored", "")),
                    models.Q(
                        ("file_size__gt", 0),
                        models.Q(("file_hash", ""), _negated=True),
                        models.Q(("file_type", ""), _negated=True),
                        models.Q(("stored", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_file_is_whole",
                violation_error_message="A file has a hash, a type, a size and a place, or there is none.",
            ),
        ),
    ]
