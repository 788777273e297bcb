package millrace.watchtower.merchant;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.PayeeReader;
import millrace.chain.contract.PayeeReader.PayeeView;
import millrace.chain.rpc.Broadcast;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcSettings;
import millrace.chain.rpc.RpcUnavailable;
import millrace.chain.rpc.WrongChain;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The chain, as each of several nodes tells it by itself. One honest node is enough: what any of
/// them asks for is done, and what is sent goes to all.
final class Nodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final List<Node> nodes;

  /// @param host for people
  record Node(String host, Rpc rpc, PayeeReader reader) {}

  /// What a node said.
  record Sight(Node node, PayeeView view) {}

  Nodes(List<URI> urls, Terms terms) {
    nodes = urls.stream().map(url -> node(url, terms)).toList();
  }

  private static Node node(URI url, Terms terms) {
    var rpc = new Rpc(new RpcSettings(List.of(url), terms.chainId(), TIMEOUT, 1));
    var reader =
        new PayeeReader(rpc, terms.channels(), terms.vault(), terms.payee(), terms.token());
    return new Node(url.getHost() + ":" + url.getPort(), rpc, reader);
  }

  int count() {
    return nodes.size();
  }

  /// @throws WrongChain when a node that answers follows another chain
  void verify() {
    for (var node : nodes) node.rpc().verifyChain();
  }

  /// Of those that answer, the furthest first.
  List<Sight> look(Collection<Address> keys) {
    var sights = new ArrayList<Sight>();
    for (var node : nodes) {
      try {
        sights.add(new Sight(node, node.reader().view(node.rpc().head(), keys)));
      } catch (RpcUnavailable
          | RpcFault
          | WrongChain
          | IllegalStateException
          | IllegalArgumentException
          | ArithmeticException e) {
        LOG.debug("{} does not say", node.host(), e);
      }
    }
    sights.sort(Comparator.comparingLong((Sight sight) -> sight.view().block()).reversed());
    return sights;
  }

  /// To all of them. What one refuses another may take.
  Optional<Broadcast> send(Bytes raw) {
    Optional<Broadcast> best = Optional.empty();
    for (var node : nodes) {
      try {
        var answer = node.rpc().broadcast(raw);
        if (best.isEmpty() || answer instanceof Broadcast.Taken) best = Optional.of(answer);
      } catch (RpcUnavailable | RpcFault | WrongChain e) {
        LOG.debug("{} was not reached", node.host(), e);
      }
    }
    return best;
  }

  @Override
  public void close() {
    for (var node : nodes) node.rpc().close();
  }
}
