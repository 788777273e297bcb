CREATE TABLE merchant (
  id             text PRIMARY KEY CHECK (id ~ '^mer_[0-9a-z]{26}$'),
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  payout_address text NOT NULL CHECK (payout_address ~ '^0x[0-9a-f]{40}$'),
  metadata       text NOT NULL,
  created_at     timestamptz NOT NULL
);

-- Only a hash of the secret is kept; the secret has 256 random bits, so the hash needs no salt.
CREATE TABLE api_key (
  id           text PRIMARY KEY CHECK (id ~ '^key_[0-9a-z]{26}$'),
  merchant_id  text NOT NULL REFERENCES merchant,
  name         text NOT NULL,
  hash         bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  hint         text NOT NULL,
  scopes       text NOT NULL,
  created_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX ON api_key (merchant_id, id DESC);

CREATE TABLE route (
  id           text PRIMARY KEY CHECK (id ~ '^rt_[0-9a-z]{26}$'),
  merchant_id  text NOT NULL REFERENCES merchant,
  upstream_url text NOT NULL,
  price        numeric(39, 0) NOT NULL CHECK (price > 0),
  methods      text NOT NULL,
  description  text NOT NULL,
  mime_type    text NOT NULL,
  created_at   timestamptz NOT NULL,
  deleted_at   timestamptz
);
CREATE INDEX ON route (merchant_id, id DESC);

-- Read model of channel-service's journal, filled from its events.
CREATE TABLE payment (
  id          text PRIMARY KEY,
  merchant_id text NOT NULL,
  channel_id  bytea NOT NULL CHECK (length(channel_id) = 32),
  payer       bytea NOT NULL CHECK (length(payer) = 20),
  token       bytea NOT NULL CHECK (length(token) = 20),
  amount      numeric(39, 0) NOT NULL CHECK (amount >= 0),
  resource    text NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX ON payment (merchant_id, id DESC);
CREATE INDEX ON payment (merchant_id, channel_id, id DESC);

-- The secret signs what we send, so it is kept readable; it protects the merchant, not us.
CREATE TABLE webhook_endpoint (
  id              text PRIMARY KEY CHECK (id ~ '^we_[0-9a-z]{26}$'),
  merchant_id     text NOT NULL REFERENCES merchant,
  url             text NOT NULL,
  events          text NOT NULL,
  secret          text NOT NULL,
  created_at      timestamptz NOT NULL,
  disabled_at     timestamptz,
  disabled_reason text,
  deleted_at      timestamptz
);
CREATE INDEX ON webhook_endpoint (merchant_id, id DESC);

-- A channel that is open, and who was paid from it: whom its events concern.
CREATE TABLE webhook_channel (
  channel_id bytea PRIMARY KEY CHECK (length(channel_id) = 32),
  body       text NOT NULL
);
CREATE TABLE webhook_channel_merchant (
  channel_id  bytea NOT NULL,
  merchant_id text NOT NULL,
  PRIMARY KEY (channel_id, merchant_id)
);

-- What a merchant is told; the id is made of the event's, so a repeat is the same message.
CREATE TABLE webhook_message (
  id          text PRIMARY KEY,
  merchant_id text NOT NULL,
  type        text NOT NULL,
  body        text NOT NULL,
  created_at  timestamptz NOT NULL
);

-- Within (endpoint, subject) a later delivery waits for the earlier ones.
CREATE TABLE webhook_delivery (
  sequence        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id      text NOT NULL REFERENCES webhook_message ON DELETE CASCADE,
  endpoint_id     text NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  subject         text NOT NULL,
  status          text NOT NULL DEFAULT 'PENDING'
                  CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_status     integer,
  last_error      text,
  delivered_at    timestamptz,
  UNIQUE (message_id, endpoint_id)
);
CREATE INDEX ON webhook_delivery (next_attempt_at) WHERE status = 'PENDING';
CREATE INDEX ON webhook_delivery (endpoint_id, subject, sequence) WHERE status = 'PENDING';
CREATE INDEX ON webhook_delivery (endpoint_id, sequence DESC);
