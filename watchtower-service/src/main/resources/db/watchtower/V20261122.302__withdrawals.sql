-- Withdrawals of any channel of the contract, whether we hold its voucher or not (yet): Kafka may
-- be behind the chain. Notes of what to look at; what is true is read from the chain.
CREATE TABLE withdrawal (
  id                     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel_id             BYTEA NOT NULL CHECK (length(channel_id) = 32),
  finalize_after_seconds BIGINT NOT NULL,
  seen_block             BIGINT NOT NULL,
  seen_at                TIMESTAMPTZ NOT NULL,
  look_at                TIMESTAMPTZ,
  revision               BIGINT NOT NULL DEFAULT 0,
  verdict                TEXT NOT NULL DEFAULT 'UNKNOWN',
  answered_by            BYTEA CHECK (length(answered_by) = 32),
  ended_at               TIMESTAMPTZ,
  ended_block            BIGINT,
  CHECK ((ended_at IS NULL) = (ended_block IS NULL))
);
COMMENT ON COLUMN withdrawal.look_at IS 'null: not before something happens';
COMMENT ON COLUMN withdrawal.revision IS 'grows when something happened; what was worked out before is void';

CREATE UNIQUE INDEX withdrawal_open ON withdrawal (channel_id) WHERE ended_at IS NULL;
CREATE INDEX withdrawal_ended_block ON withdrawal (ended_block);
CREATE INDEX withdrawal_due ON withdrawal (look_at) WHERE ended_at IS NULL AND look_at IS NOT NULL;

CREATE TABLE claim (
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  requested_at TIMESTAMPTZ NOT NULL,
  ended_at     TIMESTAMPTZ,
  outcome      TEXT CHECK (outcome IN ('SUCCEEDED', 'REVERTED', 'REFUSED')),
  hash         BYTEA CHECK (length(hash) = 32),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);

CREATE TABLE claim_row (
  claim_id      BIGINT NOT NULL REFERENCES claim (id),
  channel_id    BYTEA NOT NULL CHECK (length(channel_id) = 32),
  ceiling       NUMERIC(39, 0) NOT NULL,
  total_claimed NUMERIC(39, 0) NOT NULL CHECK (total_claimed > 0 AND total_claimed <= ceiling),
  PRIMARY KEY (claim_id, channel_id)
);
CREATE INDEX claim_row_channel ON claim_row (channel_id);
