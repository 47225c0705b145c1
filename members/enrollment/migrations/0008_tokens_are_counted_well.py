from django.db import migrations

# A family name is the start of tens of thousands of tokens, and a name with its given name of a few: with PostgreSQL's
# hundred samples both count as 545 of 8,000,000, and a search by birth date and reading gathers the many first.
COUNTED = "ALTER TABLE enrollment_nametoken ALTER COLUMN token SET STATISTICS 1000"
AS_BEFORE = "ALTER TABLE enrollment_nametoken ALTER COLUMN token SET STATISTICS -1"


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0007_people_to_move")]

    operations = [migrations.RunSQL(COUNTED, AS_BEFORE)]
