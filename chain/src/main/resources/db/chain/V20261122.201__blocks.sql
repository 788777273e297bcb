-- How far the chain was followed. One follower per database.
CREATE TABLE chain_cursor (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  head_block  bigint  NOT NULL,
  head_hash   bytea   NOT NULL CHECK (length(head_hash) = 32),
  final_block bigint  NOT NULL,
  CHECK (final_block <= head_block)
);

-- The last blocks, as far back as a reorganisation may reach.
CREATE TABLE chain_block (
  number      bigint PRIMARY KEY,
  hash        bytea  NOT NULL CHECK (length(hash) = 32),
  parent      bytea  NOT NULL CHECK (length(parent) = 32),
  seconds     bigint NOT NULL
);

-- Their logs of interest, kept until the block is final.
CREATE TABLE chain_log (
  block       bigint NOT NULL REFERENCES chain_block (number) ON DELETE CASCADE,
  log_index   int    NOT NULL,
  contract    bytea  NOT NULL,
  topics      bytea  NOT NULL, -- 32 bytes each
  data        bytea  NOT NULL,
  transaction bytea  NOT NULL,
  PRIMARY KEY (block, log_index)
);
