"""Seals are counted in a row of their own, so that one rolled back is no gap."""

from django.db import migrations

from privacy.accesslog import sql


class Migration(migrations.Migration):
    dependencies = [("accesslog", "0002_initial")]
    operations = [
        migrations.RunSQL(sql.CHAIN, sql.DROP_CHAIN),
        migrations.RunSQL(sql.FUNCTIONS, migrations.RunSQL.noop),
    ]
