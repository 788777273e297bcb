-- What settles, and what a claim under way is to answer, can be another way only in a later block.
-- To ask the node for it every second kept the tower from those it had not looked at yet.
ALTER TABLE withdrawal ADD COLUMN look_block BIGINT NOT NULL DEFAULT 0;
COMMENT ON COLUMN withdrawal.look_block IS 'not before the chain has come that far';
