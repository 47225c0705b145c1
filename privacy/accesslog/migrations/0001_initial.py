"""The access log's tables and functions, with the partitions of the past year and the next two."""

import django.contrib.postgres.fields
from django.db import migrations, models

from privacy.accesslog import sql


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(sql.TABLES, sql.DROP_TABLES),
        migrations.RunSQL(sql.FUNCTIONS, sql.DROP_FUNCTIONS),
        migrations.RunSQL(
            "SELECT accesslog_partitions((current_date - interval '13 months')::date, 38)", migrations.RunSQL.noop
        ),
    ]
