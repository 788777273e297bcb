-- What keys and the operator did. Only ever added to, by whomever.
CREATE TABLE audit_entry (
  id          text        PRIMARY KEY CHECK (id ~ '^aud_[0-9a-z]{26}$'),
  -- Whose affair it was; none: the operator's own.
  merchant_id text        REFERENCES merchant,
  actor       text        NOT NULL,
  action      text        NOT NULL,
  object      text,
  request_id  text        NOT NULL,
  ip          text        NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX ON audit_entry (merchant_id, id DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_entry_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What requests with an Idempotency-Key were answered; readable only for whoever asked.
CREATE TABLE idempotency (
  merchant_id text        NOT NULL,
  key         text        NOT NULL,
  parameters  bytea       NOT NULL CHECK (length(parameters) = 32),
  answer      text        NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key)
);
CREATE INDEX ON idempotency (created_at);
