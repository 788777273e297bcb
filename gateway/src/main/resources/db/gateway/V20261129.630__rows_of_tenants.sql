-- Requests of a merchant run as a role that sees that merchant's rows only, whatever the query says.
-- The gateway itself, its workers and the operator use the login role, which owns the tables.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_tenant') THEN
    CREATE ROLE millrace_tenant NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- Another database's migration was first.
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role millrace_tenant is missing' USING HINT = format(
      'As an administrator: CREATE ROLE millrace_tenant NOLOGIN; GRANT millrace_tenant TO %I;',
      current_user);
END $$;
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'millrace_tenant', 'MEMBER') THEN
    EXECUTE format('GRANT millrace_tenant TO %I', current_user);
  END IF;
END $$;

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO millrace_tenant', current_schema());
  EXECUTE format(
    'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO millrace_tenant',
    current_schema());
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO millrace_tenant', current_schema());
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES
       TO millrace_tenant', current_schema());
  EXECUTE format(
    'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO millrace_tenant',
    current_schema());
END $$;
REVOKE ALL ON flyway_schema_history, payee_told FROM millrace_tenant;
REVOKE UPDATE, DELETE ON audit_entry FROM millrace_tenant;

-- For the migration that adds a table: SELECT keep_to_tenant('its_name');
CREATE FUNCTION keep_to_tenant(kept regclass, rule text DEFAULT
    $r$merchant_id = current_setting('millrace.merchant', true)$r$)
  RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', kept);
  EXECUTE format('CREATE POLICY tenant ON %s TO millrace_tenant USING (%s)', kept, rule);
END $$;

SELECT keep_to_tenant(format('%I.%I', c.table_schema, c.table_name)::regclass)
  FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = current_schema() AND c.column_name = 'merchant_id'
   AND t.table_type = 'BASE TABLE';
SELECT keep_to_tenant('merchant', $r$id = current_setting('millrace.merchant', true)$r$);
SELECT keep_to_tenant('webhook_delivery',
  $r$EXISTS (SELECT FROM webhook_endpoint e WHERE e.id = endpoint_id)$r$);
SELECT keep_to_tenant('webhook_channel',
  $r$EXISTS (SELECT FROM webhook_channel_merchant m WHERE m.channel_id = webhook_channel.channel_id)$r$);
SELECT keep_to_tenant('promise',
  $r$EXISTS (SELECT FROM merchant WHERE payout_address = '0x' || encode(payee, 'hex'))$r$);
