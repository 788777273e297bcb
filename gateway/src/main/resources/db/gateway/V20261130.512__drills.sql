-- Frauds that the operator staged, and how the hub answered them.
CREATE TABLE drill (
  id         text PRIMARY KEY,
  kind       text NOT NULL,
  answered   boolean NOT NULL,
  channel_id bytea NOT NULL,
  guarded_ms bigint NOT NULL,
  answer_ms  bigint,
  gas        bigint,
  fee_wei    numeric(78, 0),
  at         timestamptz NOT NULL,
  CHECK (answered = (answer_ms IS NOT NULL))
);
CREATE INDEX ON drill (kind, at DESC);

-- The operator's, and no merchant's.
REVOKE ALL ON drill FROM millrace_tenant;
