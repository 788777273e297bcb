-- A merchant may ask for a payout back while nothing is promised for it. Settlement says whether.
ALTER TABLE payout
  DROP CONSTRAINT payout_status_check,
  ADD CONSTRAINT payout_status_check CHECK (
    status IN ('PENDING', 'PAID', 'FAILED', 'CANCELED')),
  ADD COLUMN cancellation TEXT NOT NULL DEFAULT 'NOT_ASKED'
    CHECK (cancellation IN ('NOT_ASKED', 'ASKED', 'REFUSED')),
  ADD CHECK (status <> 'CANCELED' OR (cancellation = 'ASKED' AND ended_at IS NOT NULL));
