-- What merchants give back to payers, as credit. `earned` stands in the event that asks settlement:
-- what settlement may promise never falls, so what is given back counts as earned as well.
CREATE TABLE give_back (
  id          TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL,
  payment_id  TEXT NOT NULL,
  channel_id  BYTEA NOT NULL,
  amount      NUMERIC(39, 0) NOT NULL CHECK (amount > 0),
  status      TEXT NOT NULL CHECK (status IN ('PENDING', 'SUCCEEDED', 'FAILED')),
  created_at  TIMESTAMPTZ NOT NULL,
  ended_at    TIMESTAMPTZ,
  CHECK ((status = 'PENDING') = (ended_at IS NULL))
);
CREATE INDEX give_back_merchant ON give_back (merchant_id, id DESC);
CREATE INDEX give_back_payment ON give_back (payment_id);
