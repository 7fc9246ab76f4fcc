"""The groups that staff belong to, with their permissions, and the two closed accounts of the seed files."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.management import create_permissions
from django.db import migrations

from tracker.models.roles import ADMINISTRATOR, CHECKER, COMPILER, PERMISSIONS, USER_PERMISSIONS


def create(apps, schema_editor):
    """Permissions are normally made after all migrations, so they are asked for here first."""
    for label in ("auth", "tracker"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role, allowed in PERMISSIONS.items():
        codenames = [f"{verb}_{model}" for verb, models in allowed.items() for model in models]
        if role == ADMINISTRATOR:
            codenames += USER_PERMISSIONS
        group, _created = Group.objects.get_or_create(name=role)
        found = Permission.objects.filter(codename__in=codenames, content_type__app_label__in=("auth", "tracker"))
        group.permissions.set(found)
    User = apps.get_model("auth", "User")
    for username in (COMPILER, CHECKER):
        User.objects.get_or_create(
            username=username, defaults={"is_active": False, "is_staff": False, "password": make_password(None)}
        )


def remove(apps, schema_editor):
    """Groups go; the accounts stay, because the log may name them."""
    apps.get_model("auth", "Group").objects.filter(name__in=PERMISSIONS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0001_records"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create, remove)]
