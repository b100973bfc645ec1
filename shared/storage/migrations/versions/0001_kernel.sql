CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    consumer text NOT NULL,
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE (event_id);
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;

-- Rows are never updated: the unpublished events are a separate list of ids.
CREATE TABLE outbox (
    event_id uuid PRIMARY KEY,
    subject text NOT NULL,
    headers json NOT NULL,
    body text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE (event_id);
CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
CREATE TABLE unpublished (event_id uuid PRIMARY KEY)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Weeks of the outbox that are too old to be republished; they never change.
CREATE TABLE history (LIKE outbox INCLUDING ALL) PARTITION BY RANGE (event_id);
CREATE TABLE history_default PARTITION OF history DEFAULT;
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER history_append_only BEFORE UPDATE OR TRUNCATE ON history
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history();

CREATE TABLE failures (
    event_id text,
    consumer text,
    tries integer NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (event_id, consumer)
);
CREATE TABLE dead_letters (
    dead_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    consumer text NOT NULL,
    subject text NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    error text NOT NULL,
    tries integer NOT NULL,
    died_at timestamptz NOT NULL,
    resolution text,
    UNIQUE (event_id, consumer)
);
-- Calls outside, as rows; claimed in real time, due by the clock of the service.
CREATE TABLE work (
    work_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    claimed_by uuid,
    leased_until timestamptz,
    irrevocable boolean NOT NULL DEFAULT false,
    error text,
    UNIQUE (kind, key)
);
CREATE INDEX work_due ON work (kind, due_at, work_no);
CREATE TABLE jobs (name text PRIMARY KEY, last_due timestamptz NOT NULL);
CREATE TABLE simulated_time (now timestamptz NOT NULL);
CREATE TABLE streams_seen (
    stream text PRIMARY KEY,
    created_at timestamptz NOT NULL,
    last_seq bigint NOT NULL,
    last_event text,
    healed integer NOT NULL DEFAULT 0
);
CREATE TABLE api_keys (
    name text PRIMARY KEY,
    key_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    key_changed_at timestamptz NOT NULL
);
CREATE TABLE commands (
    command_id uuid PRIMARY KEY,
    name text NOT NULL,
    actor text NOT NULL,
    reply text,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
