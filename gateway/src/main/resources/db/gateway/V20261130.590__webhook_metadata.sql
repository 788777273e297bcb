ALTER TABLE webhook_endpoint ADD COLUMN metadata text NOT NULL DEFAULT '{}';
