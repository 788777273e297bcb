-- What of `charged` may be claimed: what is held for a merchant or was given back to the payer may
-- not. Of what was claimed beyond the charge before, `charged` counts what it was told of since.
ALTER TABLE claimable ADD COLUMN due numeric(39, 0);
UPDATE claimable SET due = charged - coalesce(
  (SELECT sum(amount) FROM overclaim
    WHERE overclaim.channel_id = claimable.channel_id
      AND overclaim.claimed <= claimable.charged), 0);
ALTER TABLE claimable
  ALTER COLUMN due SET NOT NULL,
  ADD CHECK (due >= 0 AND due <= charged);
