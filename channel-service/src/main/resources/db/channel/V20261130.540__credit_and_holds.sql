-- Of what is charged: what merchants may still capture, and what is given back to the payer, whose
-- next payments use it up. The rest is due to merchants and may be claimed.
ALTER TABLE channel
  ADD COLUMN held   NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (held >= 0),
  ADD COLUMN credit NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (credit >= 0);

-- What was claimed beyond the charge is credit, too, and no account of its own any more.
UPDATE channel AS c SET credit = a.balance
  FROM ledger_account AS a
 WHERE a.kind = 'OVERCLAIM' AND a.owner = '0x' || encode(c.channel_id, 'hex') AND a.balance > 0;
INSERT INTO ledger_transfer (debit, credit, channel_id, amount, reference, at)
SELECT 'OVERCLAIM', 'CREDIT', decode(substr(owner, 3), 'hex'), balance, 'overclaim is credit', now()
  FROM ledger_account WHERE kind = 'OVERCLAIM' AND balance > 0;
UPDATE ledger_account SET kind = 'CREDIT' WHERE kind = 'OVERCLAIM';

ALTER TABLE channel ADD CHECK (held + credit <= charged);
CREATE INDEX channel_held_and_leaving ON channel (channel_id)
  WHERE held > 0 AND withdrawal_block IS NOT NULL;

ALTER TABLE payment
  DROP CONSTRAINT payment_status_check,
  ADD CONSTRAINT payment_status_check CHECK (
    status IN ('RESERVED', 'CHARGED', 'RELEASED', 'EXPIRED', 'HELD', 'CANCELED')),
  -- What of the amount the payer's credit paid.
  ADD COLUMN from_credit   NUMERIC(39, 0) NOT NULL DEFAULT 0
    CHECK (from_credit >= 0 AND (from_credit = 0 OR from_credit < price)),
  -- How long the merchant may capture it, if it was held.
  ADD COLUMN held_until    TIMESTAMPTZ,
  ADD COLUMN hold_ended_at TIMESTAMPTZ,
  ADD CHECK (status NOT IN ('HELD', 'CANCELED') OR held_until IS NOT NULL),
  ADD CHECK (status <> 'HELD' OR hold_ended_at IS NULL),
  ADD CHECK (status <> 'CANCELED' OR (hold_ended_at IS NOT NULL AND amount = 0));
CREATE INDEX payment_held_until ON payment (held_until) WHERE status = 'HELD';
CREATE INDEX payment_held_of_channel ON payment (channel_id) WHERE status = 'HELD';

-- The answers to commands that moved money and that their merchant may repeat. Written with the
-- effect; a command under way holds an advisory lock of its key.
CREATE TABLE answered_command (
  merchant_id     TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  operation       TEXT NOT NULL,
  fingerprint     TEXT NOT NULL,
  answer          TEXT NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (merchant_id, operation, idempotency_key)
);
CREATE INDEX answered_command_created_at ON answered_command (created_at);
