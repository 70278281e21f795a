"""When the sender says that the stay was discharged (PV1-45), beside when the bed was left."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hospital', '0005_sender_unmapped_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='stay',
            name='discharged_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
