package millrace.standalone;

import picocli.CommandLine.Command;

@Command(
    name = "drill",
    description = "Stages a fraud on a running hub, to see it answered",
    mixinStandardHelpOptions = true,
    subcommands = WithdrawDrillCommand.class)
final class DrillCommand {}
