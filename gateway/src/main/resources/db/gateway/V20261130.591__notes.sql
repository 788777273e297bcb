-- A merchant's notes on what other services keep: payouts, refunds.
CREATE TABLE note (
  object_id   text        PRIMARY KEY,
  merchant_id text        NOT NULL REFERENCES merchant,
  metadata    text        NOT NULL,
  created_at  timestamptz NOT NULL
);
SELECT keep_to_tenant('note');
