-- What the hub kept of a payment.
ALTER TABLE payment ADD COLUMN fee numeric(39, 0) NOT NULL DEFAULT 0
  CHECK (fee >= 0 AND fee <= amount);

-- Charged long after its id was made: a hold that was captured late. So that a period finds it.
ALTER TABLE payment ADD COLUMN late boolean NOT NULL DEFAULT false;
CREATE INDEX payment_late ON payment (merchant_id, id) WHERE late;

-- What else than payments moved merchants' balances, from the events that tell of it. A payment is
-- its own entry, so that payments cost no second row.
CREATE TABLE balance_entry (
  id          text PRIMARY KEY CHECK (id ~ '^txn_[0-9a-z]{26}$'),
  merchant_id text NOT NULL,
  type        text NOT NULL CHECK (type IN (
    'REFUND', 'REFUND_FAILURE', 'PAYOUT', 'PAYOUT_FAILURE', 'PAYOUT_CANCEL')),
  amount      numeric(39, 0) NOT NULL CHECK (amount > 0),
  token       bytea NOT NULL CHECK (length(token) = 20),
  source      text NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX ON balance_entry (merchant_id, id DESC);
SELECT keep_to_tenant('balance_entry');
REVOKE INSERT, UPDATE, DELETE ON balance_entry FROM millrace_tenant;
