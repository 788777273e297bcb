package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A page that names tests is only worth something while they exist.
class AttacksPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Set<String> NOT_OURS =
      Set.of("node_modules", "target", "out", "cache", ".git", ".millrace");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  @ParameterizedTest
  @CsvSource({"attacks.md, 100", "faults.md, 40"})
  void everyTestThatThePageNamesExists(String page, int least) throws IOException {
    var sources = testSources();
    var named =
        TEST.matcher(Files.readString(ROOT.resolve(Path.of("docs", "security", page))))
            .results()
            .toList();
    assertThat(named).hasSizeGreaterThan(least);
    assertThat(named)
        .allSatisfy(
            name ->
                assertThat(sources)
                    .as(name.group())
                    .anyMatch(source -> declares(source, name.group(1), name.group(2))));
  }

  private static boolean declares(String source, String type, String method) {
    return Pattern.compile("\\b(class|contract) " + type + "\\b").matcher(source).find()
        && Pattern.compile("\\b(void|function) " + method + "\\(").matcher(source).find();
  }

  private static List<String> testSources() throws IOException {
    var sources = new ArrayList<String>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            var name = String.valueOf(file.getFileName());
            if (name.matches(".*(Test|IT)\\.java|.*\\.t\\.sol")) {
              sources.add(Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
