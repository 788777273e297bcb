-- By when a transaction must be mined, and what it is worth; null: whenever it is.
ALTER TABLE chain_transaction
  ADD COLUMN urgent_since  timestamptz,
  ADD COLUMN deadline      timestamptz,
  ADD COLUMN worth_wei     numeric(78, 0),
  ADD CHECK ((deadline IS NULL) = (urgent_since IS NULL)
         AND (deadline IS NULL) = (worth_wei IS NULL));
