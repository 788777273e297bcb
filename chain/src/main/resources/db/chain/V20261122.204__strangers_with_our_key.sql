-- When a transaction of somebody else with our key was found last.
ALTER TABLE chain_account ADD COLUMN stranger_at timestamptz;
