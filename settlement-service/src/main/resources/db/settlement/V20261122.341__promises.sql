-- What merchants have earned in all, whatever became of it.
CREATE TABLE earning (
  merchant_id text           PRIMARY KEY,
  payee       bytea          NOT NULL CHECK (length(payee) = 20),
  token       bytea          NOT NULL CHECK (length(token) = 20),
  total       numeric(39, 0) NOT NULL
);
CREATE INDEX earning_payee ON earning (token, payee);

-- Claimed beyond what was charged: it is in the vault, or on its way there, and belongs to payers.
CREATE TABLE overclaim (
  channel_id bytea          NOT NULL,
  claimed    numeric(39, 0) NOT NULL,
  amount     numeric(39, 0) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (channel_id, claimed)
);

-- Until now only payouts were promised.
ALTER TABLE promise
  -- The total of all payouts of the payee that were promised: `credit` need not go further.
  ADD COLUMN requested        numeric(39, 0) NOT NULL DEFAULT 0,
  -- The final block in which `credited` was read; 0 before the first.
  ADD COLUMN credited_block   bigint         NOT NULL DEFAULT 0,
  -- Since when some of the promise has been uncredited, if any of it is.
  ADD COLUMN uncredited_since timestamptz,
  -- The newest promise that left this service in writing. Stored first, signed afterwards.
  ADD COLUMN signed           numeric(39, 0) NOT NULL DEFAULT 0,
  ADD COLUMN signature        bytea,
  ADD COLUMN signer           bytea,
  ADD COLUMN issued_at        timestamptz,
  ADD CHECK (requested <= cumulative),
  ADD CHECK (signed <= cumulative),
  ADD CHECK (num_nulls(signature, signer, issued_at) IN (0, 3));
UPDATE promise SET requested = cumulative;

CREATE OR REPLACE FUNCTION promises_never_fall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cumulative < OLD.cumulative OR NEW.signed < OLD.signed THEN
    RAISE EXCEPTION 'a promise of % (signed %) cannot fall to % (signed %)',
      OLD.cumulative, OLD.signed, NEW.cumulative, NEW.signed;
  END IF;
  RETURN NEW;
END $$;
