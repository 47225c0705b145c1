"""The trigger that writes history: one function in the database for every history table (docs/adr/0003)."""

HISTORY_FUNCTION = r"""
CREATE OR REPLACE FUNCTION privacy_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
-- One function for every history table (its name is the argument): columns are looked up when it runs, so that a
-- column added or renamed in the same migration is neither lost nor an error.
DECLARE
    columns text;
BEGIN
    SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum) INTO columns
      FROM pg_attribute t
      JOIN pg_attribute h ON h.attname = t.attname AND h.attnum > 0 AND NOT h.attisdropped
       AND h.attrelid = format('public.%I', TG_ARGV[0])::regclass
     WHERE t.attrelid = TG_RELID AND t.attnum > 0 AND NOT t.attisdropped;
    EXECUTE format(
        'INSERT INTO public.%I (%s, history_date, history_type, history_user_id, activity, event)
         SELECT %s, clock_timestamp(), %L, nullif(current_setting(''kumiai.actor'', true), '''')::bigint,
                nullif(current_setting(''kumiai.activity'', true), ''''),
                nullif(current_setting(''kumiai.event'', true), '''')::uuid
           FROM changed',
        TG_ARGV[0], columns, columns, TG_ARGV[1]);
    RETURN NULL;
END
$$
"""

# operation → (history type, the transition table)
TRIGGERS = {
    "INSERT": ("+", "NEW TABLE AS changed"),
    "UPDATE": ("~", "NEW TABLE AS changed"),
    "DELETE": ("-", "OLD TABLE AS changed"),
}


def trigger(table: str, history: str, operation: str) -> tuple[str, str]:
    """(`table.name`, definition) of the trigger that keeps the history of one operation on a table."""
    kind, transition = TRIGGERS[operation]
    definition = (
        f"AFTER {operation} ON public.{table} REFERENCING {transition} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION privacy_history('{history}', '{kind}')"
    )
    return f"{table}.privacy_history_{operation.lower()}", definition
