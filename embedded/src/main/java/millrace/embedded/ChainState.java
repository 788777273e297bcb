package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;

/// The file in which a development chain outlives its process. Anvil could write one by itself, but
/// in place: a kill in the middle of that would leave neither the old chain nor the new one.
record ChainState(Path file) {
  /// So many blocks after the head it is `finalized`, with the epochs that [Anvil] asks for.
  private static final int FINAL_AFTER = 2;

  void save(JsonRpc rpc) {
    var dump = HexFormat.of().parseHex(rpc.call("anvil_dumpState").asString().substring(2));
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (var channel =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        var bytes = ByteBuffer.wrap(dump);
        while (bytes.hasRemaining()) channel.write(bytes);
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save the development chain in " + file, e);
    }
  }

  boolean exists() {
    return Files.exists(file);
  }

  void load(JsonRpc rpc) {
    try {
      rpc.call("anvil_loadState", "0x" + HexFormat.of().formatHex(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the development chain in " + file, e);
    }
    keepTimeMonotone(rpc);
    // Of older blocks than the loaded head anvil knows the content but not the state. With these,
    // whoever reads at the newest final block reads at one whose state is known.
    rpc.call("anvil_mine", Quantity.of(FINAL_AFTER));
  }

  /// Anvil forgets how far the time was moved ahead, and would go on in the past. A second more
  /// than that, because the clock of a virtual machine may be set back a little at any time.
  private static void keepTimeMonotone(JsonRpc rpc) {
    var head = Quantity.read(rpc.call("eth_getBlockByNumber", "latest", false).path("timestamp"));
    var ahead = head.longValueExact() - Instant.now().getEpochSecond();
    if (ahead >= 0) rpc.call("evm_increaseTime", ahead + 1);
  }
}
