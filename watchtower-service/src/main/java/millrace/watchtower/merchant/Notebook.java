package millrace.watchtower.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/// Keeps the [Notes] in one file. A change is whole or not there: it is written beside the file,
/// forced to the disk, and takes its place. One process at a time has the folder.
final class Notebook implements AutoCloseable {
  private static final String FORM = "millrace-merchant-tower 1 ";

  private final Path file;
  private final Path next;
  private final Terms terms;
  private final FileChannel lockFile;
  private Notes notes;

  private Notebook(Path folder, Terms terms, FileChannel lockFile) throws IOException {
    this.file = folder.resolve("notes");
    this.next = folder.resolve("notes.next");
    this.terms = terms;
    this.lockFile = lockFile;
    this.notes = Files.exists(file) ? read() : Notes.NONE;
  }

  /// @throws IllegalStateException when another process has the folder, or its file is damaged or
  ///     about something else
  static Notebook open(Path folder, Terms terms) {
    try {
      Files.createDirectories(folder);
      var lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!isTaken(lockFile)) {
          throw new IllegalStateException("another tower works in " + folder);
        }
        return new Notebook(folder, terms, lockFile);
      } catch (RuntimeException | IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder, e);
    }
  }

  private static boolean isTaken(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (java.nio.channels.OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  synchronized Notes notes() {
    return notes;
  }

  /// When it returns, the change is on the disk.
  synchronized Notes change(UnaryOperator<Notes> change) {
    var changed = change.apply(notes);
    if (changed.equals(notes)) return notes;
    try {
      write(NotesJson.write(terms, changed));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    notes = changed;
    return changed;
  }

  private void write(String json) throws IOException {
    var bytes = ByteBuffer.wrap((FORM + hash(json) + "\n" + json + "\n").getBytes(UTF_8));
    try (var channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) channel.write(bytes);
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The name is on the disk only once its folder is.
    try (var folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private Notes read() throws IOException {
    var lines = Files.readString(file).split("\n", -1);
    boolean whole = lines.length == 3 && lines[0].equals(FORM + hash(lines[1]));
    if (!whole) {
      throw new IllegalStateException(
          file + " is damaged. Move it away: the hub sends its newest promise again");
    }
    try {
      return NotesJson.read(terms, lines[1]);
    } catch (IllegalArgumentException other) {
      throw new IllegalStateException(file + ": " + other.getMessage(), other);
    }
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
