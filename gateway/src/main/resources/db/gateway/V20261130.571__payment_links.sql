-- A price with an address of its own. Nothing of it but its end is ever changed: payments show its
-- metadata as theirs.
CREATE TABLE payment_link (
  id             text PRIMARY KEY CHECK (id ~ '^pl_[0-9a-z]{26}$'),
  merchant_id    text NOT NULL REFERENCES merchant,
  amount         numeric(39, 0) NOT NULL CHECK (amount > 0),
  description    text NOT NULL,
  metadata       text NOT NULL,
  expires_at     timestamptz,
  created_at     timestamptz NOT NULL,
  deactivated_at timestamptz
);
CREATE INDEX ON payment_link (merchant_id, id DESC);
SELECT keep_to_tenant('payment_link');
