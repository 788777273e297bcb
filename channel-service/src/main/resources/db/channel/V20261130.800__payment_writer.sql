-- Batches of payments are written by a role that may do what they need and nothing else: no row is
-- deleted, no transfer changed, and of a channel only what payments change. The service itself uses
-- the login role, which owns the tables.
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

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO millrace_payment_writer', current_schema());
END $$;
GRANT SELECT ON channel, unknown_channel, guard, exposed_total, payment, ledger_account
  TO millrace_payment_writer;
GRANT INSERT ON payment, ledger_transfer, ledger_account, outbox TO millrace_payment_writer;
GRANT UPDATE (charged, sequence, newest_ceiling, newest_signature, reservation_payment_id,
              reservation_ceiling, reservation_signature, reservation_price, reservation_expires_at,
              last_paid_at, payer_balance, held, credit, updated_at)
  ON channel TO millrace_payment_writer;
GRANT UPDATE (status, sequence, amount, charged_at, released_at, view_balance, view_claimed,
              view_charged, view_withdraw_requested_at, view_refund_nonce, from_credit, fee)
  ON payment TO millrace_payment_writer;
GRANT UPDATE (balance) ON ledger_account TO millrace_payment_writer;
GRANT UPDATE (amount) ON exposed_total TO millrace_payment_writer;
