-- An endpoint signs with the keys that it has; for a while after a rotation with the old ones, too.
-- What it has been failing since, and when it is asked again after it was switched off for that.
ALTER TABLE webhook_endpoint
  ADD COLUMN description          text NOT NULL DEFAULT '',
  ADD COLUMN signatures           text NOT NULL DEFAULT 'v1',
  ADD COLUMN private_key          text,
  ADD COLUMN previous_secret      text,
  ADD COLUMN previous_private_key text,
  ADD COLUMN previous_until       timestamptz,
  ADD COLUMN failing_since        timestamptz,
  ADD COLUMN failing_told         boolean NOT NULL DEFAULT false,
  ADD COLUMN last_error           text,
  ADD COLUMN probe_at             timestamptz;
CREATE INDEX ON webhook_endpoint (failing_since)
  WHERE failing_since IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX ON webhook_endpoint (probe_at) WHERE probe_at IS NOT NULL AND deleted_at IS NULL;

-- Positions are given out under one lock that is held until the commit, so whoever has read up to
-- one has missed none before it.
ALTER TABLE webhook_message
  ADD COLUMN subject  text NOT NULL DEFAULT '',
  ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY;
UPDATE webhook_message m SET subject = d.subject
  FROM webhook_delivery d WHERE d.message_id = m.id;
CREATE UNIQUE INDEX ON webhook_message (merchant_id, position);
CREATE INDEX ON webhook_message (merchant_id, id DESC);
CREATE INDEX ON webhook_message USING brin (created_at);

-- Who reads events as a stream, so that all of theirs are kept, whether an endpoint wants them or
-- not.
CREATE TABLE event_follower (
  merchant_id text PRIMARY KEY REFERENCES merchant,
  followed_at timestamptz NOT NULL
);

-- Within (endpoint, subject) deliveries go out by the position of their messages.
ALTER TABLE webhook_delivery ADD COLUMN place bigint NOT NULL DEFAULT 0;
UPDATE webhook_delivery d SET place = m.position FROM webhook_message m WHERE m.id = d.message_id;
ALTER TABLE webhook_delivery ALTER COLUMN place DROP DEFAULT;
ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_status_check;
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_status_check
  CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'SKIPPED'));
DROP INDEX webhook_delivery_next_attempt_at_idx;
DROP INDEX webhook_delivery_endpoint_id_subject_sequence_idx;
CREATE INDEX ON webhook_delivery (endpoint_id, subject, place) WHERE status = 'PENDING';

-- A subject of which an endpoint has yet to hear, while there is one. `token` is there while a
-- sender has it, and then `due_at` says when that sender is taken for dead.
CREATE SEQUENCE webhook_token;
CREATE TABLE webhook_lane (
  endpoint_id text NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  subject     text NOT NULL,
  due_at      timestamptz NOT NULL,
  token       bigint,
  PRIMARY KEY (endpoint_id, subject)
);
CREATE INDEX ON webhook_lane (endpoint_id, due_at);
INSERT INTO webhook_lane (endpoint_id, subject, due_at)
  SELECT endpoint_id, subject, min(next_attempt_at) FROM webhook_delivery
   WHERE status = 'PENDING' GROUP BY endpoint_id, subject;

-- What was sent and what came back, each time.
CREATE TABLE webhook_attempt (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery         bigint NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE,
  at               timestamptz NOT NULL,
  duration_millis  integer NOT NULL,
  url              text NOT NULL,
  request_headers  text NOT NULL,
  status           integer,
  response_headers text NOT NULL,
  response_body    text NOT NULL,
  error            text
);
CREATE INDEX ON webhook_attempt (delivery, id);

DROP INDEX webhook_delivery_endpoint_id_sequence_idx;
CREATE INDEX ON webhook_delivery (endpoint_id, message_id DESC);

SELECT keep_to_tenant('event_follower');
SELECT keep_to_tenant('webhook_lane',
  $r$EXISTS (SELECT FROM webhook_endpoint e WHERE e.id = endpoint_id)$r$);
SELECT keep_to_tenant('webhook_attempt',
  $r$EXISTS (SELECT FROM webhook_delivery d WHERE d.sequence = delivery)$r$);
