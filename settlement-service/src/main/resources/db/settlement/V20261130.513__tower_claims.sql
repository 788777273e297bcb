-- What the watchtower claimed, as it says, to be compared with what the contract has recorded.
CREATE TABLE tower_claim (
  channel_id    bytea NOT NULL CHECK (length(channel_id) = 32),
  transaction   bytea NOT NULL CHECK (length(transaction) = 32),
  total_claimed numeric(39, 0) NOT NULL CHECK (total_claimed > 0),
  ceiling       numeric(39, 0) NOT NULL,
  told_at       timestamptz NOT NULL,
  PRIMARY KEY (channel_id, transaction)
);
