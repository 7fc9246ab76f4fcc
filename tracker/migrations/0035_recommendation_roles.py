"""The groups that staff belong to may see recommendations, and administrators may change them."""

from importlib import import_module

from django.db import migrations

roles = import_module("tracker.migrations.0002_roles")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0034_recommendations"),
    ]

    # Permissions are granted by what roles say today; those of the tables before are granted once more.
    operations = [migrations.RunPython(roles.create, migrations.RunPython.noop)]
