-- Payees as settlement last said: what they were promised in all, in writing, and what the vault
-- has credited them with.
CREATE TABLE promise (
  payee          bytea NOT NULL CHECK (length(payee) = 20),
  token          bytea NOT NULL CHECK (length(token) = 20),
  cumulative     numeric(39, 0) NOT NULL DEFAULT 0,
  signature      bytea,
  signer         bytea,
  issued_at      timestamptz,
  credited       numeric(39, 0) NOT NULL DEFAULT 0,
  credited_block bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (payee, token),
  CHECK (num_nulls(signature, signer, issued_at) IN (0, 3))
);

-- Merchants whose payee channel-service was told.
CREATE TABLE payee_told (
  merchant_id text PRIMARY KEY REFERENCES merchant
);

CREATE INDEX merchant_payout_address ON merchant (payout_address);
