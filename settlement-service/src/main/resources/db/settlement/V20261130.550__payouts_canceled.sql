-- Canceled before anything was promised for it.
ALTER TABLE payout
  DROP CONSTRAINT payout_state_check,
  ADD CONSTRAINT payout_state_check CHECK (
    state IN ('WAITING', 'PROMISED', 'PAID', 'FAILED', 'CANCELED')),
  ADD CHECK (state <> 'CANCELED' OR cumulative IS NULL);
