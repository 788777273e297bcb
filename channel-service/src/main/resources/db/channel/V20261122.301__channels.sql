-- Every hot statement names the channel it is about, so `channel`, `payment` and `ledger_transfer`
-- can be partitioned or distributed by hash of channel_id. What the chain says must always be
-- recordable: no CHECK here compares balance, claimed and charged.

-- What this database is the ledger of. A vault belongs to one ledger and a ledger to one vault.
CREATE TABLE hub (
  only_one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  chain_id NUMERIC(78, 0) NOT NULL,
  channels BYTEA NOT NULL,
  vault    BYTEA NOT NULL,
  token    BYTEA NOT NULL
);

CREATE TABLE channel (
  channel_id             BYTEA PRIMARY KEY CHECK (octet_length(channel_id) = 32),
  payer                  BYTEA NOT NULL,
  payer_authorizer       BYTEA NOT NULL,
  receiver               BYTEA NOT NULL,
  receiver_authorizer    BYTEA NOT NULL,
  token                  BYTEA NOT NULL,
  withdraw_delay_seconds BIGINT NOT NULL,
  salt                   BYTEA NOT NULL,

  balance           NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (balance >= 0),
  claimed           NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (claimed >= 0),
  charged           NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (charged >= 0),
  reserved_refund   NUMERIC(39, 0) NOT NULL DEFAULT 0 CHECK (reserved_refund >= 0),
  refund_nonce      NUMERIC(78, 0) NOT NULL DEFAULT 0,
  sequence          BIGINT NOT NULL DEFAULT 0,
  newest_ceiling    NUMERIC(39, 0),
  newest_signature  BYTEA,
  published_ceiling NUMERIC(39, 0) NOT NULL DEFAULT 0,

  reservation_payment_id TEXT,
  reservation_ceiling    NUMERIC(39, 0),
  reservation_signature  BYTEA,
  reservation_price      NUMERIC(39, 0),
  reservation_expires_at TIMESTAMPTZ,

  withdrawal_amount                 NUMERIC(39, 0),
  withdrawal_finalize_after_seconds BIGINT,
  withdrawal_block                  BIGINT,

  seen_block     BIGINT NOT NULL DEFAULT 0,
  last_paid_at   TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
  last_refund_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
  lost           BOOLEAN NOT NULL DEFAULT FALSE,
  opened         BOOLEAN NOT NULL DEFAULT FALSE,

  -- The payer's account in the ledger, credits less debits; below zero is a shortfall.
  payer_balance  NUMERIC(40, 0) NOT NULL DEFAULT 0,
  created_at     TIMESTAMPTZ NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL,

  CHECK (num_nulls(newest_ceiling, newest_signature) IN (0, 2)),
  CHECK (num_nulls(reservation_payment_id, reservation_ceiling, reservation_signature,
                   reservation_price, reservation_expires_at) IN (0, 5)),
  CHECK (num_nulls(withdrawal_amount, withdrawal_finalize_after_seconds, withdrawal_block)
         IN (0, 3))
) WITH (fillfactor = 60);

CREATE INDEX channel_reservation_expires_at ON channel (reservation_expires_at)
  WHERE reservation_expires_at IS NOT NULL;

-- What the chain said of channels whose terms nobody has told us yet. The first voucher or deposit
-- brings the terms and takes the observation over.
CREATE TABLE unknown_channel (
  channel_id                        BYTEA PRIMARY KEY CHECK (octet_length(channel_id) = 32),
  block                             BIGINT,
  balance                           NUMERIC(39, 0),
  claimed                           NUMERIC(39, 0),
  refund_nonce                      NUMERIC(78, 0),
  withdrawal_amount                 NUMERIC(39, 0),
  withdrawal_finalize_after_seconds BIGINT,
  withdrawal_block                  BIGINT,
  head_amount                       NUMERIC(39, 0),
  head_finalize_after_seconds       BIGINT,
  head_block                        BIGINT,
  published_ceiling                 NUMERIC(39, 0) NOT NULL DEFAULT 0,
  seen_at                           TIMESTAMPTZ NOT NULL
);

-- The journal. A row ends as CHARGED, RELEASED or EXPIRED; the view_ columns are the channel as the
-- payer was told, so that a repeat is told the same.
CREATE TABLE payment (
  id              TEXT PRIMARY KEY,
  channel_id      BYTEA NOT NULL,
  merchant_id     TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('RESERVED', 'CHARGED', 'RELEASED', 'EXPIRED')),
  sequence        BIGINT,
  price           NUMERIC(39, 0) NOT NULL CHECK (price > 0),
  amount          NUMERIC(39, 0) NOT NULL CHECK (amount >= 0 AND amount <= price),
  ceiling         NUMERIC(39, 0) NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint     TEXT NOT NULL,
  resource        TEXT NOT NULL,
  expires_at      TIMESTAMPTZ,
  created_at      TIMESTAMPTZ NOT NULL,
  charged_at      TIMESTAMPTZ,
  released_at     TIMESTAMPTZ,
  view_balance               NUMERIC(39, 0) NOT NULL,
  view_claimed               NUMERIC(39, 0) NOT NULL,
  view_charged               NUMERIC(39, 0) NOT NULL,
  view_withdraw_requested_at BIGINT NOT NULL,
  view_refund_nonce          NUMERIC(78, 0) NOT NULL,
  CHECK ((status = 'CHARGED') = (sequence IS NOT NULL)),
  CHECK ((status = 'CHARGED') = (charged_at IS NOT NULL)),
  CHECK ((status IN ('RELEASED', 'EXPIRED')) = (released_at IS NOT NULL))
) WITH (fillfactor = 80);

-- A payment that ended uncharged lets go of its key: the payer may try again.
CREATE UNIQUE INDEX payment_idempotency_key ON payment (merchant_id, idempotency_key)
  WHERE released_at IS NULL;

-- Double entry: a row debits one account and credits another with the same amount, so debits and
-- credits cannot differ. An account is a kind and, where there is one, the channel or merchant.
CREATE TABLE ledger_transfer (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  debit       TEXT NOT NULL,
  credit      TEXT NOT NULL CHECK (credit <> debit),
  channel_id  BYTEA,
  merchant_id TEXT,
  amount      NUMERIC(39, 0) NOT NULL CHECK (amount > 0),
  reference   TEXT NOT NULL,
  at          TIMESTAMPTZ NOT NULL
);

CREATE FUNCTION ledger_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger transfers are corrected by a transfer back, never changed';
END $$;

CREATE TRIGGER ledger_transfer_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_immutable();

-- Credits less debits of every account but the payers', which are kept in their channels' rows.
-- Merchants are credited by every batch of every replica, so their accounts are in stripes: the
-- balance is the sum, and a single stripe may be below zero.
CREATE TABLE ledger_account (
  kind    TEXT NOT NULL,
  owner   TEXT NOT NULL,
  stripe  INTEGER NOT NULL,
  balance NUMERIC(50, 0) NOT NULL,
  PRIMARY KEY (kind, owner, stripe)
) WITH (fillfactor = 50);

-- Moves from the channel contract into the vault that are posted.
CREATE TABLE sweep (
  transaction BYTEA NOT NULL,
  log_index   INTEGER NOT NULL,
  amount      NUMERIC(39, 0) NOT NULL,
  block       BIGINT NOT NULL,
  PRIMARY KEY (transaction, log_index)
);

CREATE TABLE deposit (
  authorization_nonce BYTEA PRIMARY KEY CHECK (octet_length(authorization_nonce) = 32),
  channel_id   BYTEA NOT NULL,
  payer        BYTEA NOT NULL,
  amount       NUMERIC(39, 0) NOT NULL CHECK (amount > 0),
  valid_after  NUMERIC(78, 0) NOT NULL,
  valid_before NUMERIC(78, 0) NOT NULL,
  signature    BYTEA NOT NULL,
  status       TEXT NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'FAILED')),
  transaction  BYTEA,
  failure      TEXT,
  detail       TEXT,
  created_at   TIMESTAMPTZ NOT NULL,
  ended_at     TIMESTAMPTZ,
  CHECK ((status = 'CONFIRMED') = (transaction IS NOT NULL)),
  CHECK ((status = 'FAILED') = (failure IS NOT NULL))
);
CREATE INDEX deposit_payer ON deposit (payer, created_at);

CREATE TABLE refund (
  id             TEXT PRIMARY KEY,
  channel_id     BYTEA NOT NULL,
  ceiling        NUMERIC(39, 0) NOT NULL,
  asked_amount   NUMERIC(39, 0),
  amount         NUMERIC(39, 0) NOT NULL CHECK (amount > 0),
  status         TEXT NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'FAILED')),
  transaction    BYTEA,
  balance_after  NUMERIC(39, 0),
  detail         TEXT,
  created_at     TIMESTAMPTZ NOT NULL,
  ended_at       TIMESTAMPTZ,
  CHECK ((status = 'CONFIRMED') = (transaction IS NOT NULL))
);
CREATE INDEX refund_channel ON refund (channel_id, created_at);
CREATE UNIQUE INDEX refund_under_way ON refund (channel_id) WHERE status = 'PENDING';

CREATE TABLE payout (
  id              TEXT PRIMARY KEY,
  merchant_id     TEXT NOT NULL,
  payee           BYTEA NOT NULL,
  amount          NUMERIC(39, 0) NOT NULL CHECK (amount > 0),
  status          TEXT NOT NULL CHECK (status IN ('PENDING', 'PAID', 'FAILED')),
  idempotency_key TEXT NOT NULL,
  fingerprint     TEXT NOT NULL,
  transaction     BYTEA,
  detail          TEXT,
  created_at      TIMESTAMPTZ NOT NULL,
  ended_at        TIMESTAMPTZ,
  UNIQUE (merchant_id, idempotency_key),
  CHECK ((status = 'PAID') = (transaction IS NOT NULL))
);
CREATE INDEX payout_merchant ON payout (merchant_id, id DESC);

-- How far settlement has verified the chain, as it last said.
CREATE TABLE chain_head (
  only_one    BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  block       BIGINT NOT NULL,
  final_block BIGINT NOT NULL,
  hash        BYTEA NOT NULL,
  at          TIMESTAMPTZ NOT NULL
);
