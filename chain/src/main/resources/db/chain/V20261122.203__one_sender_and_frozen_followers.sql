-- Which process sends for an account. The time is the database's; each change of hands is another
-- epoch, and whoever writes for the account names the epoch it believes in.
ALTER TABLE chain_account
  ADD COLUMN epoch      bigint      NOT NULL DEFAULT 0,
  ADD COLUMN holder     uuid,
  ADD COLUMN held_until timestamptz NOT NULL DEFAULT '-infinity';

-- Why the chain is followed no more, until an operator says where to go on.
ALTER TABLE chain_cursor ADD COLUMN stopped text;
