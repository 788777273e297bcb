package millrace.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.StringJoiner;
import millrace.cli.EventsCommand;
import millrace.cli.KeysCommand;
import millrace.cli.ListenCommand;
import millrace.cli.MerchantsCommand;
import millrace.cli.PaymentsCommand;
import millrace.cli.PayoutsCommand;
import millrace.cli.ReconcileCommand;
import millrace.cli.TriggerCommand;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The commands of `./millrace` but for the payer's.
@Command(
    name = "millrace",
    description = "A whole hub in one process",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      DeployCommand.class,
      ServeCommand.class,
      ReconcileCommand.class,
      ListenCommand.class,
      TriggerCommand.class,
      EventsCommand.class,
      PaymentsCommand.class,
      MerchantsCommand.class,
      KeysCommand.class,
      PayoutsCommand.class,
      DrillCommand.class,
      CompletionCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    quiet();
    var line = commandLine();
    line.setExecutionExceptionHandler(
        (failure, _, _) -> {
          System.err.println("millrace: " + reason(failure));
          System.err.println("millrace: the whole story is in " + DataFolder.log());
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  /// The console is for what people want to read. Until the first service sets up the log file,
  /// only errors get past this.
  private static void quiet() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.ERROR);
    }
  }

  /// The chain of causes, in one line: the outermost says what was tried, the innermost what broke.
  private static String reason(Throwable failure) {
    var reasons = new StringJoiner(": ");
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      reasons.add(String.valueOf(cause.getMessage()));
    }
    return reasons.toString();
  }
}
