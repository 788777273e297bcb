-- Payments by where they were sold: a paywalled route or a payment link, which is in the URL that
-- was paid for. Others are not in this index and cost nothing by it.
CREATE INDEX payment_sold_at
  ON payment (merchant_id, substring(resource FROM '/(?:x|pay)/((?:rt|pl)_[0-9a-z]{26})'), id DESC)
  WHERE resource ~ '/(x|pay)/(rt|pl)_[0-9a-z]{26}';

-- Payments by payer: through its channels, which are few.
ALTER TABLE webhook_channel_merchant ADD COLUMN payer bytea CHECK (length(payer) = 20);
UPDATE webhook_channel_merchant m
   SET payer = (SELECT p.payer FROM payment p
                 WHERE p.merchant_id = m.merchant_id AND p.channel_id = m.channel_id LIMIT 1);
CREATE INDEX ON webhook_channel_merchant (merchant_id, payer);

-- What a merchant notes on a payment. Written before the payment is asked for, by the name it will
-- be recognised by, so that a payment that is charged has its notes; one that never was leaves a row
-- that is swept away.
CREATE TABLE payment_note (
  merchant_id text        NOT NULL REFERENCES merchant,
  key         text        NOT NULL,
  payment_id  text        NOT NULL UNIQUE,
  metadata    text        NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key)
);
CREATE INDEX ON payment_note (created_at);
SELECT keep_to_tenant('payment_note');
