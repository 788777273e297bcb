-- When a merchant is paid without asking; none here: never. Any gateway may take a turn that is due
-- and holds it until `leased_until`. `lease` counts turns: who was late with one changes nothing.
CREATE TABLE payout_schedule (
  merchant_id  text        PRIMARY KEY REFERENCES merchant,
  kind         text        NOT NULL CHECK (kind IN ('MANUAL', 'THRESHOLD', 'INTERVAL')),
  threshold    numeric(39, 0) CHECK (threshold > 0),
  every        text        CHECK (every IN ('DAILY', 'WEEKLY', 'MONTHLY')),
  due_at       timestamptz NOT NULL,
  -- How many payouts the threshold has led to: the next one's name.
  payouts      bigint      NOT NULL DEFAULT 0,
  leased_until timestamptz NOT NULL DEFAULT '-infinity',
  lease        bigint      NOT NULL DEFAULT 0,
  CHECK ((kind = 'THRESHOLD') = (threshold IS NOT NULL)),
  CHECK ((kind = 'INTERVAL') = (every IS NOT NULL))
);
CREATE INDEX ON payout_schedule (due_at) WHERE kind <> 'MANUAL';
