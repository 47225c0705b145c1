from django.db import migrations, models

# Whole keys join their ends among the tokens: set-based, for registers made before.
WHOLE_KEYS = """
INSERT INTO enrollment_nametoken (member_id, token)
SELECT id, name_key FROM enrollment_member WHERE name_key <> ''
UNION
SELECT id, kana_key FROM enrollment_member WHERE kana_key <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="dependantperiod", name="enrollment_dependant_days"),
        migrations.RemoveIndex(model_name="eligibilityperiod", name="enrollment_eligibility_days"),
        migrations.RemoveIndex(model_name="member", name="enrollment_member_name"),
        migrations.RemoveIndex(model_name="member", name="enrollment_member_kana"),
        migrations.AddIndex(
            model_name="eligibilityperiod",
            index=models.Index(
                condition=models.Q(("kind", "voluntary")), fields=["member"], name="enrollment_voluntary"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["kana_key", "id"], name="enrollment_member_kana_order"),
        ),
        migrations.RunSQL(WHOLE_KEYS, migrations.RunSQL.noop),
    ]
