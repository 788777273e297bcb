-- What the watchtower holds of each channel, as it last said. Apart from the channels, whose rows
-- payments write all the time. What was charged before this table existed counts as guarded: the
-- tower has been reading the same events all along.
CREATE TABLE guard (
  channel_id BYTEA PRIMARY KEY CHECK (octet_length(channel_id) = 32),
  charged    NUMERIC(39, 0) NOT NULL,
  sequence   BIGINT NOT NULL,
  guarded_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60);

INSERT INTO guard (channel_id, charged, sequence, guarded_at)
SELECT channel_id, charged, sequence, now() FROM channel WHERE sequence > 0;

-- What is charged and not guarded, of all channels together: the sum of the stripes. Each of the
-- database's connections adds to a stripe, so that batches seldom wait for each other; the tower's
-- news are taken from stripe 0. A single stripe says nothing.
CREATE TABLE exposed_total (
  stripe INTEGER PRIMARY KEY,
  amount NUMERIC(50, 0) NOT NULL
) WITH (fillfactor = 20);

INSERT INTO exposed_total (stripe, amount) SELECT stripe, 0 FROM generate_series(0, 16) AS stripe;

-- A payer's other channels.
CREATE INDEX channel_payer ON channel (payer);
