package millrace.payer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import millrace.protocol.type.ChannelId;

/// One JSON file per channel. A file is replaced as a whole and flushed to the disk, so whatever
/// happens to the process or the machine, it is the old one or the new one. Several processes may
/// share a directory.
public final class FileStore implements PayerStore {
  private static final String SUFFIX = ".json";

  /// A file lock is the process's, not the thread's.
  private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path directory;

  private FileStore(Path directory) {
    this.directory = directory;
  }

  /// The directory is made if it is missing, for its owner alone.
  public static FileStore in(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return new FileStore(directory.toRealPath());
    } catch (FileAlreadyExistsException notADirectory) {
      throw new UncheckedIOException("not a directory: " + directory, notADirectory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the directory " + directory, e);
    }
  }

  @Override
  public Optional<PayerChannel> load(ChannelId id) {
    var file = file(id);
    try {
      return Optional.of(read(file));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public void save(PayerChannel channel) {
    var file = file(channel.id());
    var fresh = directory.resolve(channel.id() + ".new");
    try {
      try (var out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        var bytes = ByteBuffer.wrap(ChannelJson.write(channel).getBytes(UTF_8));
        while (bytes.hasRemaining()) out.write(bytes);
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (var folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public List<PayerChannel> all() {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted()
          .map(FileStore::readKnown)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory, e);
    }
  }

  @Override
  public Held hold(ChannelId id) throws InterruptedException {
    var path = directory.resolve(id + ".lock");
    var permit = IN_THIS_PROCESS.computeIfAbsent(path, _ -> new Semaphore(1));
    permit.acquire();
    try {
      var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new FileHeld(permit, file, file.lock());
    } catch (IOException e) {
      permit.release();
      throw new UncheckedIOException("cannot lock " + path, e);
    }
  }

  private record FileHeld(Semaphore permit, FileChannel file, FileLock lock) implements Held {
    @Override
    public void close() {
      try (file) {
        lock.release();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unlock a channel", e);
      } finally {
        permit.release();
      }
    }
  }

  private Path file(ChannelId id) {
    return directory.resolve(id + SUFFIX);
  }

  private static PayerChannel readKnown(Path file) {
    try {
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static PayerChannel read(Path file) throws IOException {
    try {
      return ChannelJson.read(Files.readString(file));
    } catch (IllegalArgumentException | tools.jackson.core.JacksonException damaged) {
      throw new IOException("not a channel of a payer: " + file, damaged);
    }
  }
}
