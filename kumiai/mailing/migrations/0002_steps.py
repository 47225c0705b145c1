from django.db import migrations

# What may follow a state. IN_DOUBT is not followed by SENDING: whether it went out must be settled first.
STEPS = """
CREATE FUNCTION mailing_outgoing_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.state || '>' || NEW.state) NOT IN (
        'pending>sending', 'pending>rejected', 'pending>suppressed', 'pending>cancelled',
        'deferred>sending', 'deferred>rejected', 'deferred>suppressed', 'deferred>cancelled',
        'sending>sent', 'sending>deferred', 'sending>rejected', 'sending>in_doubt',
        'in_doubt>sent', 'in_doubt>deferred', 'in_doubt>rejected', 'in_doubt>cancelled',
        'sent>rejected'
    ) THEN
        RAISE EXCEPTION 'mail %: no step from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mailing_outgoing_step BEFORE UPDATE OF state ON mailing_outgoing
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION mailing_outgoing_step();
CREATE FUNCTION mailing_outgoing_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'mail %: whom it is for does not change', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER mailing_outgoing_fixed BEFORE UPDATE ON mailing_outgoing FOR EACH ROW
    WHEN ((OLD.batch_id, OLD.kind, OLD.reference_id, OLD.recipient_id, OLD.message_id)
          IS DISTINCT FROM (NEW.batch_id, NEW.kind, NEW.reference_id, NEW.recipient_id, NEW.message_id)
          OR NEW.attempt < OLD.attempt)
    EXECUTE FUNCTION mailing_outgoing_fixed();
ALTER TABLE mailing_outgoing ADD CONSTRAINT mailing_outgoing_of_its_batch
    FOREIGN KEY (batch_id, kind, reference_id) REFERENCES mailing_batch (id, kind, reference_id);
"""
NO_STEPS = """
ALTER TABLE mailing_outgoing DROP CONSTRAINT mailing_outgoing_of_its_batch;
DROP TRIGGER mailing_outgoing_fixed ON mailing_outgoing;
DROP FUNCTION mailing_outgoing_fixed();
DROP TRIGGER mailing_outgoing_step ON mailing_outgoing;
DROP FUNCTION mailing_outgoing_step();
"""


class Migration(migrations.Migration):
    dependencies = [("mailing", "0001_outbox")]
    operations = [migrations.RunSQL(STEPS, NO_STEPS)]
