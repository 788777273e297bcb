package millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The last event that was forwarded from one hub to one server, over runs.
final class Position {
  private static final int NAME_BYTES = 8;

  private final Path file;

  private Position(Path file) {
    this.file = file;
  }

  /// @param of whose position, told apart by all of these
  static Position in(Path folder, String... of) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(String.join("\n", of).getBytes(UTF_8));
      var name = HexFormat.of().formatHex(hash, 0, NAME_BYTES);
      return new Position(folder.resolve(name + ".last"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Optional<String> read() throws IOException {
    if (!Files.exists(file)) return Optional.empty();
    return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
  }

  void write(String id) throws IOException {
    var beside = file.resolveSibling(file.getFileName() + ".new");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(beside, id);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
