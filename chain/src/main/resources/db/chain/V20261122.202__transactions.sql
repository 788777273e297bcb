-- What an account is to do on chain, each thing once. `purpose` names it.
CREATE TABLE chain_transaction (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose      text        NOT NULL UNIQUE,
  sender       bytea       NOT NULL CHECK (length(sender) = 20),
  recipient    bytea       NOT NULL CHECK (length(recipient) = 20),
  calldata     bytea       NOT NULL,
  gas_limit    bigint      NOT NULL CHECK (gas_limit > 0),
  gas_fixed    boolean     NOT NULL,
  state        text        NOT NULL DEFAULT 'WAITING'
               CHECK (state IN ('WAITING', 'SENDING', 'SUCCEEDED', 'REVERTED', 'REFUSED')),
  nonce        bigint,
  requested_at timestamptz NOT NULL,
  ended_at     timestamptz,
  hash         bytea,
  gas_used     bigint,
  fee_wei      numeric(78, 0),
  detail       text,
  CHECK ((state = 'SENDING') <= (nonce IS NOT NULL))
);

CREATE INDEX chain_transaction_open ON chain_transaction (sender, id)
  WHERE state IN ('WAITING', 'SENDING');

-- One nonce is never in the hands of two of our transactions.
CREATE UNIQUE INDEX chain_transaction_nonce ON chain_transaction (sender, nonce)
  WHERE state <> 'WAITING';

-- What was or will be signed for it: the first try, then replacements that offer more. Stored in
-- full before it is signed and sent, so that a crash at any point leads to the same bytes.
CREATE TABLE chain_attempt (
  transaction_id   bigint         NOT NULL REFERENCES chain_transaction (id),
  number           int            NOT NULL,
  nonce            bigint         NOT NULL,
  gas_limit        bigint         NOT NULL,
  max_fee_wei      numeric(78, 0) NOT NULL,
  priority_fee_wei numeric(78, 0) NOT NULL,
  created_at       timestamptz    NOT NULL,
  hash             bytea UNIQUE CHECK (length(hash) = 32),
  raw              bytea,
  sent_at          timestamptz,
  PRIMARY KEY (transaction_id, number),
  CHECK ((hash IS NULL) = (raw IS NULL)),
  CHECK (sent_at IS NULL OR raw IS NOT NULL)
);

CREATE TABLE chain_account (
  sender     bytea  PRIMARY KEY CHECK (length(sender) = 20),
  next_nonce bigint NOT NULL
);
