"""Who named an unconfirmed place, and by which words; names as long as senders write them; who mapped one, and when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hospital', '0002_bed_cleaned_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='locationalias',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='locationalias',
            name='made_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='locationalias',
            name='bed',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='locationalias',
            name='point_of_care',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='locationalias',
            name='room',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name='HeardName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point_of_care', models.CharField(blank=True, max_length=200)),
                ('room', models.CharField(blank=True, max_length=200)),
                ('bed', models.CharField(blank=True, max_length=200)),
                ('first_at', models.DateTimeField()),
                ('bed_place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='heard_names', to='hospital.bedplace')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='heard_names', to='hospital.sender')),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='heard_names', to='hospital.ward')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sender', 'point_of_care', 'room', 'bed', 'ward', 'bed_place'), name='hospital_heard_name_once', nulls_distinct=False)],
            },
        ),
    ]
