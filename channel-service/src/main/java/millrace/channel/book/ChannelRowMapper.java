package millrace.channel.book;

import static millrace.channel.sql.Columns.address;
import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.bytes32;
import static millrace.channel.sql.Columns.channelId;
import static millrace.channel.sql.Columns.instant;
import static millrace.channel.sql.Columns.integer;
import static millrace.channel.sql.Columns.optionalAmount;
import static millrace.channel.sql.Columns.signature;
import static millrace.channel.sql.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.EarlyCredit;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.Reservation;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import org.springframework.jdbc.core.RowMapper;

final class ChannelRowMapper implements RowMapper<ChannelRow> {
  @Override
  public ChannelRow mapRow(ResultSet row, int number) throws SQLException {
    var id = channelId(row, "channel_id");
    var account = account(row, id);
    Channel channel =
        row.getBoolean("lost")
            ? new Lost(account)
            : Channel.of(account, withdrawal(row, "withdrawal_"));
    var guarded = optionalAmount(row, "guarded").orElse(Amount.ZERO);
    return new ChannelRow(id, config(row), channel, row.getBoolean("opened"), guarded);
  }

  private static ChannelConfig config(ResultSet row) throws SQLException {
    return new ChannelConfig(
        address(row, "payer"),
        address(row, "payer_authorizer"),
        address(row, "receiver"),
        address(row, "receiver_authorizer"),
        address(row, "token"),
        row.getLong("withdraw_delay_seconds"),
        bytes32(row, "salt"));
  }

  private static Account account(ResultSet row, ChannelId id) throws SQLException {
    return new Account(
        amount(row, "balance"),
        amount(row, "claimed"),
        amount(row, "charged"),
        amount(row, "reserved_refund"),
        integer(row, "refund_nonce"),
        row.getLong("sequence"),
        voucher(row, id, "newest_"),
        amount(row, "published_ceiling"),
        reservation(row, id),
        row.getLong("seen_block"),
        instant(row, "last_paid_at"),
        instant(row, "last_refund_at"),
        early(row),
        amount(row, "held"),
        amount(row, "credit"),
        amount(row, "returned"));
  }

  private static Optional<EarlyCredit> early(ResultSet row) throws SQLException {
    var amount = optionalAmount(row, "early_amount");
    if (amount.isEmpty()) return Optional.empty();
    return Optional.of(new EarlyCredit(amount.get(), row.getLong("early_block")));
  }

  private static Optional<SignedVoucher> voucher(ResultSet row, ChannelId id, String prefix)
      throws SQLException {
    var ceiling = optionalAmount(row, prefix + "ceiling");
    if (ceiling.isEmpty()) return Optional.empty();
    return Optional.of(
        new SignedVoucher(new Voucher(id, ceiling.get()), signature(row, prefix + "signature")));
  }

  private static Optional<Reservation> reservation(ResultSet row, ChannelId id)
      throws SQLException {
    var voucher = voucher(row, id, "reservation_");
    if (voucher.isEmpty()) return Optional.empty();
    return Optional.of(
        new Reservation(
            new PaymentId(text(row, "reservation_payment_id")),
            voucher.get(),
            amount(row, "reservation_price"),
            instant(row, "reservation_expires_at")));
  }

  static Optional<PendingWithdrawal> withdrawal(ResultSet row, String prefix) throws SQLException {
    var amount = optionalAmount(row, prefix + "amount");
    if (amount.isEmpty()) return Optional.empty();
    return Optional.of(
        new PendingWithdrawal(
            amount.get(),
            row.getLong(prefix + "finalize_after_seconds"),
            row.getLong(prefix + "block")));
  }
}
