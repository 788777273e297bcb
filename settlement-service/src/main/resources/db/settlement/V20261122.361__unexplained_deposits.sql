-- When a used authorisation was last looked for in vain: only looking without breaks counts.
ALTER TABLE deposit ADD COLUMN used_seen timestamptz;
