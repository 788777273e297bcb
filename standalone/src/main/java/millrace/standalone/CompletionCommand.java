package millrace.standalone;

import java.util.List;
import java.util.concurrent.Callable;
import millrace.payer.cli.PayCommand;
import millrace.watchtower.merchant.MerchantCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

@Command(
    name = "completion",
    description = {
      "Prints a script with which bash and zsh complete millrace's commands and options",
      "",
      "For this shell: source <(./millrace completion)",
      "For every new one: put that line into ~/.bashrc, or into ~/.zshrc after compinit."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  private static final List<String> BENCHES =
      List.of(
          "payments",
          "scale",
          "overload",
          "crypto",
          "store",
          "hop",
          "crash",
          "policy",
          "gas",
          "claims",
          "tower",
          "api");

  @Override
  public Integer call() {
    System.out.println(AutoComplete.bash("millrace", everything()));
    return 0;
  }

  /// What the launcher knows, wherever it is carried out.
  static CommandLine everything() {
    var all = Main.commandLine();
    var pay = PayCommand.commandLine();
    pay.getSubcommands().forEach(all::addSubcommand);
    for (var name : List.copyOf(pay.getSubcommands().keySet())) {
      pay.getCommandSpec().removeSubcommand(name);
    }
    all.addSubcommand(pay);
    all.addSubcommand("tower", new MerchantCommand());
    all.addSubcommand("bench", words("NAME", BENCHES));
    all.addSubcommand("test", options("--quick", "--long"));
    all.addSubcommand("build", options());
    all.addSubcommand("help", options());
    return all;
  }

  // What the launcher does with other programs.

  private static CommandSpec options(String... names) {
    var command = CommandSpec.create();
    for (var name : names) command.addOption(OptionSpec.builder(name).build());
    return command;
  }

  private static CommandSpec words(String label, List<String> words) {
    var word = PositionalParamSpec.builder().paramLabel(label).completionCandidates(words).build();
    return CommandSpec.create().addPositional(word);
  }
}
