-- Events that were taken in already, for readers to whom a repeat would do harm.
CREATE TABLE inbox (
  event_id    UUID PRIMARY KEY,
  admitted_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX inbox_admitted_at ON inbox (admitted_at);
