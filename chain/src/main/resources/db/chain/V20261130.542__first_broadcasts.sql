-- sent_at moves with every repetition, which goes on until a transaction is final. How long something
-- took to be sent is told by the first time.
ALTER TABLE chain_attempt ADD COLUMN first_sent_at timestamptz;
UPDATE chain_attempt SET first_sent_at = sent_at;
