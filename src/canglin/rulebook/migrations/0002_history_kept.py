"""A rule value is never overwritten: the database lets a row only end earlier (valid_to) or be marked replaced, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rulebook_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'rule values are kept for ever: delete refused' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - 'valid_to' - 'replaced_at' <> to_jsonb(OLD) - 'valid_to' - 'replaced_at'
        OR (NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NOT coalesce(NEW.valid_to < coalesce(OLD.valid_to, 'infinity'), false))
        OR (NEW.replaced_at IS DISTINCT FROM OLD.replaced_at AND OLD.replaced_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'rule values are never overwritten: add a new one' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_history_kept BEFORE UPDATE OR DELETE ON rulebook_rulevalue
    FOR EACH ROW EXECUTE FUNCTION rulebook_keep_history();
"""
BACKWARD = """
DROP TRIGGER rulebook_history_kept ON rulebook_rulevalue;
DROP FUNCTION rulebook_keep_history();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
