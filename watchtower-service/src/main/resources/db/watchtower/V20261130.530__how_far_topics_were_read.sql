-- How far the topic was read, beside what came of it. A restored database so says by itself from
-- where to read again, whatever Kafka remembers.
CREATE TABLE topic_position (
  topic       TEXT NOT NULL,
  part        INTEGER NOT NULL CHECK (part >= 0),
  next_offset BIGINT NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (topic, part)
);
