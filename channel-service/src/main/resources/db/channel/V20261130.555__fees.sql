-- What the hub keeps of each merchant's payments from now on. What it kept of a payment stands with
-- the payment, so a change changes nothing that is past.
CREATE TABLE merchant_fee (
  merchant_id  TEXT PRIMARY KEY,
  flat         NUMERIC(39, 0) NOT NULL CHECK (flat >= 0),
  basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 0 AND 10000),
  changed_at   TIMESTAMPTZ NOT NULL
);
ALTER TABLE payment
  ADD COLUMN fee NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (fee >= 0 AND fee <= amount);
