-- A merchant's list of what it holds, newest first.
CREATE INDEX payment_held_of_merchant ON payment (merchant_id, id) WHERE status = 'HELD';
