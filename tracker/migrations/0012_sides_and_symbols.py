import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0011_why_a_test_changed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="body",
            name="body_side_known",
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[
                    ("government", "government"),
                    ("state_media", "state media"),
                    ("state_sponsored", "state-sponsored organisation"),
                    ("intergovernmental", "intergovernmental organisation"),
                    ("treaty_body_or_mandate", "treaty body or mandate"),
                    ("national_institution", "national human rights institution"),
                    ("academic", "academic institution"),
                    ("civil_society", "civil society organisation"),
                    ("media", "media"),
                    ("company", "company"),
                    ("foreign_government", "foreign government, or what it funds"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="body",
            name="side",
            field=models.CharField(
                choices=[
                    ("official", "official"),
                    ("un", "UN"),
                    ("independent", "independent"),
                    ("unknown", "side unknown"),
                ],
                help_text="Official: bodies of the State that made the plan, its media, and what it founded, funds or directs. Unknown: nobody could find out whose it is; never independent by default.",
                max_length=20,
                verbose_name="side",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["official", "un", "independent", "unknown"])),
                name="body_side_known",
                violation_error_message="The side of a body is official, un, independent or unknown.",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="un_symbol",
            field=models.CharField(
                blank=True,
                help_text="Of the document that it is, reprints or reports, where it is certain. The link follows from it.",
                max_length=60,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A\\b(?:A|E|S|ST|HRI|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[A-Z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+\\Z",
                        "Write the symbol as the document has it, such as E/C.12/CHN/CO/3 or A/HRC/56/6, without blanks.",
                    )
                ],
                verbose_name="symbol of the UN document",
            ),
        ),
    ]
