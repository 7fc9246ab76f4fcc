"""Who wrote what is on its way; no words of rows in the admin's history; and administrators may read the trail."""

from importlib import import_module

from django.db import migrations
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat

roles = import_module("tracker.migrations.0002_roles")


def name_contributors(apps, schema_editor):
    """Author and last editor of each draft. Published rows keep a blank: their hash in the log was made without."""
    for name in ("Update", "Assessment"):
        drafts = apps.get_model("tracker", name).objects.exclude(state="published")
        parts = [
            Value(",", output_field=TextField()),
            Cast("author_id", TextField()),
            Value(",", output_field=TextField()),
        ]
        drafts.filter(edited_by=F("author")).update(contributors=Concat(*parts))
        parts += [Cast("edited_by_id", TextField()), Value(",", output_field=TextField())]
        drafts.exclude(edited_by=F("author")).update(contributors=Concat(*parts))


def forget_words(apps, schema_editor):
    """The admin's history kept the first words of each row that somebody saved: put its kind and number there."""
    entries = apps.get_model("admin", "LogEntry").objects.filter(content_type__app_label="tracker")
    for kind in set(entries.order_by().values_list("content_type__model", flat=True)):
        entries.filter(content_type__model=kind).update(
            object_repr=Concat(Value(f"{kind} ", output_field=TextField()), F("object_id"))
        )


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0019_contributors_and_redaction_by_two"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.RunPython(name_contributors, migrations.RunPython.noop),
        migrations.RunPython(forget_words, migrations.RunPython.noop),
        # Permissions are granted by what roles say today.
        migrations.RunPython(roles.create, migrations.RunPython.noop),
    ]
