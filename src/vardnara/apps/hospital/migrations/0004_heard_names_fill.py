"""The names that led to today's unconfirmed places, from the record: without them nobody could map those places."""

from django.db import migrations

FILL = """
WITH heard AS (
    SELECT (record.payload->>'sender')::bigint AS sender_id,
           place->>0 AS point, place->>1 AS room, place->>2 AS bed, min(record.recorded_at) AS first_at
    FROM hospital_adtrecord record
    CROSS JOIN LATERAL (VALUES (record.payload->'location'), (record.payload->'prior'), (record.payload->'pending')) AS named(place)
    WHERE place IS NOT NULL AND record.payload->>'sender' IS NOT NULL
    GROUP BY 1, 2, 3, 4
)
INSERT INTO hospital_heardname (sender_id, point_of_care, room, bed, ward_id, bed_place_id, first_at)
SELECT heard.sender_id, left(heard.point, 200), left(heard.room, 200), left(heard.bed, 200), ward.id, bed.id, heard.first_at
FROM heard
JOIN hospital_sender sender ON sender.id = heard.sender_id
JOIN hospital_ward ward ON ward.code = left(coalesce(nullif(heard.point, ''), '?'), 60)
LEFT JOIN hospital_room room ON heard.bed <> '' AND room.ward_id = ward.id
    AND room.code = left(coalesce(nullif(heard.room, ''), '?'), 60)
LEFT JOIN hospital_bedplace bed ON heard.bed <> '' AND bed.room_id = room.id AND bed.code = left(heard.bed, 60)
WHERE (heard.bed = '' AND NOT ward.confirmed) OR (bed.id IS NOT NULL AND NOT bed.confirmed)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hospital', '0003_heard_names'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
