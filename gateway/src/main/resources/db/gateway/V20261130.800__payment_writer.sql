-- Payments are written down, of all merchants at once, by a role that may add them and nothing else,
-- and no request adds or changes one.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_payment_writer') THEN
    CREATE ROLE millrace_payment_writer NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- Another database's migration was first.
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role millrace_payment_writer is missing' USING HINT = format(
      'As an administrator: CREATE ROLE millrace_payment_writer NOLOGIN; '
      'GRANT millrace_payment_writer TO %I;', current_user);
END $$;
DO $$
BEGIN
  -- Who made the role may give it away, but not use it for that reason alone.
  IF NOT pg_has_role(current_user, 'millrace_payment_writer', 'SET') THEN
    EXECUTE format('GRANT millrace_payment_writer TO %I', current_user);
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION '% may not use the role millrace_payment_writer', current_user
      USING HINT = format(
        'As an administrator: GRANT millrace_payment_writer TO %I;', current_user);
END $$;

-- So it is with the role of merchants' requests.
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'millrace_tenant', 'SET') THEN
    EXECUTE format('GRANT millrace_tenant TO %I', current_user);
  END IF;
END $$;

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO millrace_payment_writer', current_schema());
END $$;
GRANT INSERT ON payment TO millrace_payment_writer;
-- As it passes over those that are there already.
GRANT SELECT (id) ON payment TO millrace_payment_writer;
CREATE POLICY payment_writer ON payment TO millrace_payment_writer USING (true);
REVOKE INSERT, UPDATE, DELETE ON payment FROM millrace_tenant;
