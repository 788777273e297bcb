-- Up to which charge a channel has been taken from the total of what is exposed: guarded or claimed.
ALTER TABLE guard ADD COLUMN counted NUMERIC(39, 0) NOT NULL DEFAULT 0;
UPDATE guard SET counted = charged;

-- Batches of connections that share a stripe wait for each other's commits, so there are more of
-- them than connections.
INSERT INTO exposed_total (stripe, amount) SELECT stripe, 0 FROM generate_series(17, 64) AS stripe;
