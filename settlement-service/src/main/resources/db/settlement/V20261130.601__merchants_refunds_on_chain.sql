-- Whose refund of a payment it is that leaves a channel; null where a payer wants what is unspent.
ALTER TABLE refund ADD COLUMN merchant_id text;

-- What was granted and could not be given back is the merchant's again.
ALTER TABLE give_back
  ADD COLUMN failed boolean NOT NULL DEFAULT false,
  ADD CHECK (granted OR NOT failed);
