-- What a merchant notes on a channel. Many merchants are paid from one, so a note is one merchant's.
CREATE TABLE channel_note (
  merchant_id text        NOT NULL REFERENCES merchant,
  channel_id  bytea       NOT NULL CHECK (length(channel_id) = 32),
  metadata    text        NOT NULL,
  updated_at  timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, channel_id)
);
SELECT keep_to_tenant('channel_note');
