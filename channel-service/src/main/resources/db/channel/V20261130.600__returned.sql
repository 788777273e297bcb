-- What merchants gave back on chain, or what is on its way there: charged, due no more, and never
-- used up by payments, which may be charged as much again instead.
ALTER TABLE channel
  ADD COLUMN returned NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (returned >= 0),
  ADD CHECK (held + credit + returned <= charged);

-- A refund on chain was begun when its money left the merchant for good and settlement was told to
-- send it; until then it may still find that its channel has not got it.
ALTER TABLE give_back
  ADD COLUMN method      TEXT NOT NULL DEFAULT 'CREDIT' CHECK (method IN ('CREDIT', 'ON_CHAIN')),
  ADD COLUMN begun_at    TIMESTAMPTZ,
  ADD COLUMN transaction BYTEA,
  ADD COLUMN failure     TEXT,
  ADD CHECK (method = 'ON_CHAIN' OR num_nonnulls(begun_at, transaction) = 0),
  ADD CHECK ((method = 'ON_CHAIN' AND status = 'SUCCEEDED') = (transaction IS NOT NULL)),
  ADD CHECK (transaction IS NULL OR begun_at IS NOT NULL),
  ADD CHECK (failure IS NULL OR status = 'FAILED');
