package millrace.standalone;

import java.net.URI;
import java.util.concurrent.Callable;
import millrace.embedded.DevChain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "deploy",
    description = "Puts the contracts onto a development chain (anvil) that runs elsewhere",
    mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {
  @Option(names = "--rpc-url", required = true, description = "Of the chain's JSON-RPC node")
  private URI rpcUrl = URI.create("http://127.0.0.1:8545");

  @Override
  public Integer call() {
    DevChain.deployTo(rpcUrl);
    System.out.println("the contracts are on " + rpcUrl);
    return 0;
  }
}
