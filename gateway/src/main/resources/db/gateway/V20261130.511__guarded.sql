-- Which of a channel's payments came how late. Rows from before have none: the watchtower has long
-- had their vouchers.
ALTER TABLE payment ADD COLUMN sequence bigint;

-- Up to which payment the watchtower holds the voucher of each channel, as it last said.
CREATE TABLE channel_guard (
  channel_id bytea PRIMARY KEY CHECK (length(channel_id) = 32),
  sequence   bigint NOT NULL,
  charged    numeric(39, 0) NOT NULL,
  guarded_at timestamptz NOT NULL
) WITH (fillfactor = 60);

-- A merchant sees what the watchtower holds of the channels that it was paid from.
SELECT keep_to_tenant('channel_guard',
  $r$EXISTS (SELECT FROM payment p WHERE p.channel_id = channel_guard.channel_id)$r$);
REVOKE INSERT, UPDATE, DELETE ON channel_guard FROM millrace_tenant;
