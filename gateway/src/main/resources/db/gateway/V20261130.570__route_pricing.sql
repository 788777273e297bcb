-- With a price per unit, `price` is the most that one request can cost.
ALTER TABLE route
  ADD COLUMN unit_price          numeric(39, 0) CHECK (unit_price > 0 AND unit_price <= price),
  ADD COLUMN requests_per_second integer CHECK (requests_per_second > 0),
  ADD COLUMN concurrency         integer CHECK (concurrency > 0),
  ADD COLUMN timeout_seconds     integer CHECK (timeout_seconds > 0),
  ADD COLUMN metadata            text NOT NULL DEFAULT '{}',
  ADD COLUMN updated_at          timestamptz;
UPDATE route SET updated_at = created_at;
ALTER TABLE route ALTER COLUMN updated_at SET NOT NULL;
