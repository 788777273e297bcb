package millrace.gateway.report;

import java.util.List;

/// The rows of an export, a portion at a time. Each is a query of its own: whoever reads slowly
/// keeps no transaction and no connection of the database open. What is exported is never changed
/// afterwards and lists in the order of its ids, so the portions fit together all the same.
@FunctionalInterface
interface Portions<R> {
  /// Empty at the end.
  List<R> next();
}
