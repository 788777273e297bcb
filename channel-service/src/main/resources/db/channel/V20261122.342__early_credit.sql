-- A deposit that payments may use before it is final; a final block as high as its own ends it.
ALTER TABLE channel
  ADD COLUMN early_amount NUMERIC(39, 0),
  ADD COLUMN early_block  BIGINT,
  ADD CHECK (num_nulls(early_amount, early_block) IN (0, 2));

-- What the hub would lose if only final money were there: early credit, or what is missing of it
-- afterwards. Few rows, apart from the channels, whose rows payments write all the time.
CREATE TABLE exposure (
  channel_id BYTEA PRIMARY KEY,
  payer      BYTEA NOT NULL,
  amount     NUMERIC(39, 0) NOT NULL CHECK (amount > 0)
);
CREATE INDEX exposure_payer ON exposure (payer);

-- Of a deposit that is credited early in full.
ALTER TABLE deposit ADD COLUMN early_transaction BYTEA;
