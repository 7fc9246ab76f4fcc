"""What staff are told of each other, and how each wants to hear of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0022_accounts_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Once a day, all together"),
                            ("never", "Never: I look at the desk"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="By mail",
                    ),
                ),
                ("not_of", models.JSONField(blank=True, default=list)),
                ("digest_on", models.DateField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of messages",
                "verbose_name_plural": "choices of messages",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.CharField(
                        choices=[
                            ("review", "Something waits for my review"),
                            ("returned", "Something came back to me"),
                            ("published", "Something of mine was published"),
                            ("due", "Something of mine is due within a week"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("row", models.PositiveBigIntegerField(null=True)),
                ("subject", models.CharField(max_length=200, verbose_name="about")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("read_at", models.DateTimeField(null=True)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["to", "read_at"], name="messages_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=("to", "kind", "subject", "due_on"),
                        name="message_of_what_is_due_once",
                    )
                ],
            },
        ),
    ]
