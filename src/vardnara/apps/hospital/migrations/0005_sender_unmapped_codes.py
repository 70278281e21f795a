"""Precaution codes that a sender has used and nobody has mapped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hospital", "0004_heard_names_fill"),
    ]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="unmapped_codes",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
