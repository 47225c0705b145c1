"""The tables and functions of the access log, as SQL, because Django has no partitions and no definer functions.

Every literal here is a constant of this file; nothing comes from outside.
"""

TABLES = """
CREATE TABLE accesslog_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    timeline bigint NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    event uuid NOT NULL,
    actor_id bigint,
    role text NOT NULL,
    activity text NOT NULL,
    uses text[] NOT NULL,
    operation text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('shown', 'changed', 'refused')),
    way text NOT NULL,
    view text NOT NULL,
    object_id text NOT NULL,
    subjects bigint[] NOT NULL,
    populations jsonb NOT NULL,
    search uuid,
    hits integer,
    reference text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX accesslog_event_subjects ON accesslog_event USING gin (subjects);
CREATE INDEX accesslog_event_actor ON accesslog_event (actor_id, at DESC);
CREATE INDEX accesslog_event_xid ON accesslog_event (timeline, xid);
CREATE INDEX accesslog_event_refused ON accesslog_event (object_id) WHERE outcome = 'refused';
CREATE INDEX accesslog_event_event ON accesslog_event (event);
CREATE TABLE accesslog_seal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    timeline bigint NOT NULL,
    boundary xid8 NOT NULL,
    events integer NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL
);
"""

# How many seals there are, apart from the seals: cutting the end of the chain shows without the outside anchor.
CHAIN = """
CREATE TABLE accesslog_chain (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), seals bigint NOT NULL);
INSERT INTO accesslog_chain (seals) SELECT coalesce(max(id), 0) FROM accesslog_seal;
"""

DROP_CHAIN = "DROP TABLE accesslog_chain;"

DROP_TABLES = "DROP TABLE accesslog_seal; DROP TABLE accesslog_event;"

# The cluster an event was written in: transaction numbers start anew in a restored cluster.
FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION accesslog_timeline() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT system_identifier FROM pg_control_system() $$;

CREATE OR REPLACE FUNCTION accesslog_write(
    p_operation text, p_outcome text, p_way text, p_view text, p_object text, p_subjects bigint[],
    p_populations jsonb, p_search uuid, p_hits integer, p_reference text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
INSERT INTO public.accesslog_event (timeline, event, actor_id, role, activity, uses, operation, outcome, way, view,
    object_id, subjects, populations, search, hits, reference, reason)
VALUES (public.accesslog_timeline(), current_setting('kumiai.event')::uuid,
    nullif(current_setting('kumiai.actor'), '')::bigint, current_setting('role'), current_setting('kumiai.activity'),
    string_to_array(current_setting('kumiai.uses'), ','), p_operation, p_outcome, p_way, p_view, p_object, p_subjects,
    p_populations, p_search, p_hits, p_reference, '')
$$;

CREATE OR REPLACE FUNCTION accesslog_refuse(
    p_actor bigint, p_activity text, p_uses text[], p_operation text, p_way text, p_view text, p_object text,
    p_reference text, p_reason text) RETURNS timestamptz
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
INSERT INTO public.accesslog_event (timeline, event, actor_id, role, activity, uses, operation, outcome, way, view,
    object_id, subjects, populations, reference, reason)
VALUES (public.accesslog_timeline(), gen_random_uuid(), p_actor, session_user, p_activity, p_uses, p_operation,
    'refused', p_way, p_view, p_object, '{}', '{}', p_reference, p_reason)
RETURNING at
$$;

CREATE OR REPLACE FUNCTION accesslog_digest(
    p_timeline bigint, p_from xid8, p_to xid8, p_previous bytea, OUT events integer, OUT digest bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
SELECT count(*)::integer, sha256(p_previous || coalesce(string_agg(row_digest, ''::bytea ORDER BY id), ''::bytea))
FROM (
    SELECT e.id, sha256(convert_to(jsonb_build_array(
        e.id, extract(epoch FROM e.at), e.timeline, e.xid::text, e.event, e.actor_id, e.role, e.activity, e.uses,
        e.operation, e.outcome, e.way, e.view, e.object_id, e.subjects, e.populations, e.search, e.hits, e.reference,
        e.reason)::text, 'UTF8')) AS row_digest
    FROM public.accesslog_event e
    WHERE e.timeline = p_timeline AND e.xid >= p_from AND e.xid < p_to
) AS hashed
$$;

CREATE OR REPLACE FUNCTION accesslog_seal() RETURNS TABLE (seal_id bigint, sealed integer, head bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
DECLARE
    span record;
    found record;
    head_digest bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(7205759401);
    FOR span IN
        SELECT t.timeline,
               coalesce((SELECT max(s.boundary) FROM public.accesslog_seal s WHERE s.timeline = t.timeline),
                        '0'::xid8) AS low,
               CASE WHEN t.timeline = public.accesslog_timeline() THEN pg_snapshot_xmin(pg_current_snapshot())
                    ELSE '18446744073709551615'::xid8 END AS high
        FROM (SELECT DISTINCT timeline FROM public.accesslog_seal
              UNION SELECT public.accesslog_timeline()
              UNION SELECT DISTINCT timeline FROM public.accesslog_event
                    WHERE NOT EXISTS (SELECT 1 FROM public.accesslog_seal)) AS t
    LOOP
        CONTINUE WHEN span.high <= span.low;
        SELECT s.digest INTO head_digest FROM public.accesslog_seal s ORDER BY s.id DESC LIMIT 1;
        head_digest := coalesce(head_digest, ''::bytea);
        SELECT d.events, d.digest INTO found
          FROM public.accesslog_digest(span.timeline, span.low, span.high, head_digest) AS d;
        CONTINUE WHEN found.events = 0;
        -- Counted, not drawn from a sequence: a seal that is rolled back leaves no gap in the chain.
        UPDATE public.accesslog_chain SET seals = seals + 1 RETURNING seals INTO seal_id;
        INSERT INTO public.accesslog_seal (id, timeline, boundary, events, previous, digest)
        OVERRIDING SYSTEM VALUE
        VALUES (seal_id, span.timeline, span.high, found.events, head_digest, found.digest);
        sealed := found.events;
        head := found.digest;
        RETURN NEXT;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION accesslog_partitions(p_first date, p_months integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public AS
$$
DECLARE
    month date;
    name text;
    made integer := 0;
BEGIN
    FOR n IN 0 .. p_months - 1 LOOP
        month := (date_trunc('month', p_first) + make_interval(months => n))::date;
        name := 'accesslog_event_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        EXECUTE format(
            'CREATE TABLE public.%I PARTITION OF public.accesslog_event FOR VALUES FROM (%L) TO (%L)',
            name, month::timestamp AT TIME ZONE 'Asia/Tokyo',
            (month + interval '1 month') AT TIME ZONE 'Asia/Tokyo');
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION accesslog_partitions(date, integer);
DROP FUNCTION accesslog_seal();
DROP FUNCTION accesslog_digest(bigint, xid8, xid8, bytea);
DROP FUNCTION accesslog_refuse(bigint, text, text[], text, text, text, text, text, text);
DROP FUNCTION accesslog_write(text, text, text, text, text, bigint[], jsonb, uuid, integer, text);
DROP FUNCTION accesslog_timeline();
"""
