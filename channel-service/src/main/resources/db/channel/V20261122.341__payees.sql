-- Where merchants are paid, and what was told of their earnings so far: all that was ever charged
-- for them.
CREATE TABLE payee (
  merchant_id TEXT PRIMARY KEY,
  payee       BYTEA NOT NULL CHECK (octet_length(payee) = 20),
  told        NUMERIC(39, 0) NOT NULL DEFAULT 0
);
