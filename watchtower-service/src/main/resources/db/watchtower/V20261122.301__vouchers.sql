-- The newest voucher of every channel: all that a claim needs. Rows live for ever, because old
-- vouchers revive when a channel is funded again.
CREATE TABLE voucher (
  channel_id             BYTEA PRIMARY KEY CHECK (length(channel_id) = 32),
  payer                  BYTEA NOT NULL CHECK (length(payer) = 20),
  payer_authorizer       BYTEA NOT NULL CHECK (length(payer_authorizer) = 20),
  receiver               BYTEA NOT NULL CHECK (length(receiver) = 20),
  receiver_authorizer    BYTEA NOT NULL CHECK (length(receiver_authorizer) = 20),
  token                  BYTEA NOT NULL CHECK (length(token) = 20),
  withdraw_delay_seconds BIGINT NOT NULL CHECK (withdraw_delay_seconds >= 0),
  salt                   BYTEA NOT NULL CHECK (length(salt) = 32),
  ceiling                NUMERIC(39, 0) NOT NULL,
  signature              BYTEA NOT NULL CHECK (length(signature) = 65),
  charged                NUMERIC(39, 0) NOT NULL CHECK (charged >= 0 AND charged <= ceiling),
  sequence               BIGINT NOT NULL,
  guarded_at             TIMESTAMPTZ NOT NULL,
  looked_up_in           BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 70); -- A payment replaces its channel's row in place.

-- At each start every channel is looked up on chain once, and a new channel at any time.
CREATE SEQUENCE tower_start;
CREATE INDEX voucher_looked_up_in ON voucher (looked_up_in);
