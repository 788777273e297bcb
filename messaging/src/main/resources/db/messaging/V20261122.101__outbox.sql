-- Events on their way to Kafka. A row is written in the transaction of what it tells of, and
-- deleted when Kafka has it. The order of ids is the order of publication; writers of one key
-- exclude each other by a lock of their own, so ids of one key are in the order of their commits.
CREATE TABLE outbox (
  id       BIGINT GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
  event_id UUID NOT NULL,
  topic    TEXT NOT NULL,
  key      TEXT NOT NULL,
  type     TEXT NOT NULL,
  body     TEXT NOT NULL,
  at       TIMESTAMPTZ NOT NULL
) WITH (
  -- Every row lives for milliseconds: vacuum by count, not by a share of an empty table.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1
);
