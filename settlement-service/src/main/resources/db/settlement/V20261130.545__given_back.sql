-- What merchants give back to payers must not have been promised to them, and will not be.
ALTER TABLE earning ADD COLUMN given_back numeric(39, 0) NOT NULL DEFAULT 0,
  ADD CHECK (given_back >= 0 AND given_back <= total);
CREATE TABLE give_back (
  id      text PRIMARY KEY,
  granted boolean NOT NULL
);
