-- Merchants look for their refunds and payouts by state and time.
CREATE INDEX give_back_status ON give_back (merchant_id, status, id DESC);
CREATE INDEX give_back_created ON give_back (merchant_id, created_at);
CREATE INDEX payout_status ON payout (merchant_id, status, id DESC);
CREATE INDEX payout_created ON payout (merchant_id, created_at);
