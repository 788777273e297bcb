-- When the payer may take what is left in the channel: a row must be tried again well before.
ALTER TABLE channel ADD COLUMN withdrawal_after timestamptz;

-- A full batch alone is no longer a reason.
UPDATE claim_batch SET reason = 'BACKLOG' WHERE reason = 'FULL';
