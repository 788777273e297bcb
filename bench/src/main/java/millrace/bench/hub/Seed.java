package millrace.bench.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Network;

/// Puts open channels into channel-service's database by COPY, each with what its deposit would
/// have left there: the channel's row, the transfer in the ledger, and its share of the escrow.
/// The chain knows nothing of them.
public final class Seed {
  private static final HexFormat HEX = HexFormat.of();
  private static final String CHANNELS =
      """
      COPY channel (channel_id, payer, payer_authorizer, receiver, receiver_authorizer, token,
                    withdraw_delay_seconds, salt, balance, payer_balance, opened, seen_block,
                    created_at, updated_at)
      FROM
      """;
  private static final String TRANSFERS =
      """
      WITH seeded AS (
        INSERT INTO ledger_transfer (debit, credit, channel_id, amount, reference, at)
        SELECT 'ESCROW', 'PAYER', channel_id, balance, 'seed', now() FROM channel
         WHERE opened AND NOT EXISTS (SELECT 1 FROM ledger_transfer known
                                       WHERE known.channel_id = channel.channel_id)
        RETURNING amount)
      INSERT INTO ledger_account AS escrow (kind, owner, stripe, balance)
      SELECT 'ESCROW', '', 0, -sum(amount) FROM seeded
      ON CONFLICT (kind, owner, stripe)
        DO UPDATE SET balance = escrow.balance + excluded.balance
      """;

  private static final String HEAD =
      """
      INSERT INTO chain_head (block, final_block, hash, at)
      VALUES (1, 1, decode(repeat('00', 32), 'hex'), now() + interval '1 day')
      ON CONFLICT (only_one) DO UPDATE SET at = excluded.at
      """;

  private final String databaseUrl;
  private final Network network;
  private final long deposit;
  private final Path folder;
  private final Random random = new Random(1);

  /// @param folder that the database server can read
  public Seed(String databaseUrl, Network network, long deposit, Path folder) {
    this.databaseUrl = databaseUrl;
    this.network = network;
    this.deposit = deposit;
    this.folder = folder;
  }

  /// @param count of channels to add
  /// @param ours those among them whose keys the load generator has, spread evenly
  public void add(int count, List<ChannelConfig> ours) {
    try (var connection = DriverManager.getConnection(databaseUrl)) {
      var file = write(count, ours);
      try (var statement = connection.createStatement()) {
        statement.execute(CHANNELS + " '" + file + "'");
        Files.delete(file);
        statement.execute(TRANSFERS);
        statement.execute("VACUUM (ANALYZE) channel");
        statement.execute("VACUUM (ANALYZE) ledger_transfer");
        statement.execute("CHECKPOINT");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the channels could not be seeded", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the channels could not be written", e);
    }
  }

  /// For a hub in which nobody follows the chain: channel-service serves only while somebody does.
  public void declareHeadFresh() {
    try (var connection = DriverManager.getConnection(databaseUrl);
        var statement = connection.createStatement()) {
      statement.execute(HEAD);
    } catch (SQLException e) {
      throw new IllegalStateException("the head could not be declared", e);
    }
  }

  /// The server reads it by itself: it runs on this machine.
  private Path write(int count, List<ChannelConfig> ours) throws IOException {
    var domain = Deployment.CANONICAL.domain(network);
    var file = folder.resolve("channels.copy");
    try (var out = Files.newBufferedWriter(file, US_ASCII)) {
      var row = new StringBuilder();
      int every = Math.max(1, count / ours.size());
      for (int i = 0; i < count; i++) {
        row.setLength(0);
        if (i % every == 0 && i / every < ours.size()) {
          var config = ours.get(i / every);
          row(row, domain.channelId(config).toArray(), config);
        } else {
          row(row, bytes(32), stranger(ours.getFirst()));
        }
        out.append(row);
      }
    }
    return file;
  }

  /// Somebody else's channel on the same terms. Its id is as good as any: nobody pays from it.
  private ChannelConfig stranger(ChannelConfig like) {
    var payer = Address.of(bytes(20));
    return new ChannelConfig(
        payer,
        payer,
        like.receiver(),
        like.receiverAuthorizer(),
        like.token(),
        like.withdrawDelaySeconds(),
        like.salt());
  }

  private void row(StringBuilder rows, byte[] id, ChannelConfig config) {
    hex(rows, id).append('\t');
    hex(rows, config.payer().toArray()).append('\t');
    hex(rows, config.payerAuthorizer().toArray()).append('\t');
    hex(rows, config.receiver().toArray()).append('\t');
    hex(rows, config.receiverAuthorizer().toArray()).append('\t');
    hex(rows, config.token().toArray()).append('\t');
    rows.append(config.withdrawDelaySeconds()).append('\t');
    hex(rows, config.salt().toArray()).append('\t');
    rows.append(deposit).append('\t').append(deposit).append("\tt\t1\tnow\tnow\n");
  }

  private static StringBuilder hex(StringBuilder rows, byte[] bytes) {
    return rows.append("\\\\x").append(HEX.formatHex(bytes));
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
