-- What of `charged` is to be claimed: not what is held for a merchant or was given back to the payer.
ALTER TABLE voucher ADD COLUMN due NUMERIC(39, 0);
UPDATE voucher SET due = charged;
ALTER TABLE voucher
  ALTER COLUMN due SET NOT NULL,
  ADD CHECK (due >= 0 AND due <= charged);
