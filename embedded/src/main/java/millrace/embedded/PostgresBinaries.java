package millrace.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The programs of PostgreSQL, unpacked once per user from the archive on the class path.
record PostgresBinaries(Path home) {
  private static final int EXECUTABLE = 0b001_000_000;

  static PostgresBinaries unpacked() {
    var archive = "/postgres-linux-" + architecture() + ".txz";
    try {
      var home = cache().resolve("postgres-" + digest(archive));
      if (!Files.isDirectory(home)) unpack(archive, home);
      return new PostgresBinaries(home);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack PostgreSQL; -Dmillrace.cache=DIRECTORY names another place for it", e);
    }
  }

  /// The command line of one of its programs. PostgreSQL refuses to run as root, so root runs it
  /// in a user namespace, where it is nobody.
  List<String> command(String program, List<String> arguments) {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) command.addAll(List.of("unshare", "-U"));
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    return command;
  }

  private static String architecture() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var machine = System.getProperty("os.arch");
    if (system.equals("linux") && machine.equals("amd64")) return "x86_64";
    if (system.equals("linux") && machine.equals("aarch64")) return "arm_64";
    throw new IllegalStateException(
        "there is no embedded PostgreSQL for %s on %s; give the services a server of their own"
            .formatted(system, machine));
  }

  private static Path cache() throws IOException {
    var named = System.getProperty("millrace.cache");
    var cache =
        named == null
            ? Path.of(System.getProperty("user.home"), ".cache", "millrace")
            : Path.of(named);
    return Files.createDirectories(cache.toAbsolutePath().normalize());
  }

  private static InputStream open(String archive) {
    var stream = PostgresBinaries.class.getResourceAsStream(archive);
    if (stream == null) throw new IllegalStateException("not on the class path: " + archive);
    return stream;
  }

  private static String digest(String archive) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var stream = new DigestInputStream(open(archive), digest)) {
        stream.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Under another name first: a half unpacked server must never be taken for a whole one, and
  /// two processes may do this at the same time.
  private static void unpack(String archive, Path home) throws IOException {
    var fresh = Files.createTempDirectory(home.getParent(), "unpacking-");
    try (var tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var file = fresh.resolve(entry.getName()).normalize();
        if (!file.startsWith(fresh)) throw new IOException("outside the archive: " + file);
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          if ((entry.getMode() & EXECUTABLE) != 0) file.toFile().setExecutable(true, false);
        }
      }
    }
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      Files.move(fresh, home);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) throw e;
      Directories.delete(fresh); // Somebody else was faster.
    }
  }
}
