-- A secret key may do everything, a restricted one what its scopes say. Keys that had every scope
-- there was were made to do everything.
ALTER TABLE api_key
  ADD COLUMN type text NOT NULL DEFAULT 'RESTRICTED' CHECK (type IN ('SECRET', 'RESTRICTED')),
  ADD COLUMN metadata text NOT NULL DEFAULT '{}',
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN allowed_ips text NOT NULL DEFAULT '',
  ADD COLUMN daily_spend numeric(39, 0) CHECK (daily_spend >= 0),
  ADD COLUMN requests_per_second integer CHECK (requests_per_second > 0),
  ADD COLUMN previous_hash bytea CHECK (length(previous_hash) = 32),
  ADD COLUMN previous_until timestamptz,
  ADD CHECK (num_nulls(previous_hash, previous_until) IN (0, 2));
UPDATE api_key SET type = 'SECRET' WHERE array_length(string_to_array(scopes, ' '), 1) = 11;
CREATE UNIQUE INDEX ON api_key (previous_hash) WHERE previous_hash IS NOT NULL;

-- What keys with a daily limit have moved, by the names of the requests that did. A row is written
-- before the request goes on to the ledger, so what has become of it may be unknown; then it counts.
CREATE TABLE key_spend (
  key_id      text           NOT NULL REFERENCES api_key,
  kind        text           NOT NULL,
  request     text           NOT NULL,
  merchant_id text           NOT NULL REFERENCES merchant,
  day         date           NOT NULL,
  amount      numeric(39, 0) NOT NULL CHECK (amount >= 0),
  running     integer        NOT NULL DEFAULT 1,
  spent       boolean        NOT NULL DEFAULT false,
  PRIMARY KEY (key_id, kind, request)
);
CREATE INDEX ON key_spend (key_id, day);
