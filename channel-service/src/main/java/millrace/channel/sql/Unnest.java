package millrace.channel.sql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/// One statement for many rows: each column travels as one array, and the SQL puts them side by
/// side again with `unnest(?, ?, …)`. The columns are bound in the order they are declared in.
public final class Unnest<T> {
  private final String sql;
  private final List<Column<T>> columns = new ArrayList<>();

  public Unnest(String sql) {
    this.sql = sql;
  }

  /// @param type of one element, as PostgreSQL calls it
  public Unnest<T> column(String type, Function<T, @Nullable Object> value) {
    columns.add(new Column<>(type, value));
    return this;
  }

  /// How many rows the statement touched. Nothing is sent for no rows.
  public int update(JdbcOperations jdbc, List<T> rows) {
    if (rows.isEmpty()) return 0;
    return jdbc.update(connection -> bind(connection, rows));
  }

  private PreparedStatement bind(Connection connection, List<T> rows) throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < columns.size(); i++) {
      statement.setArray(i + 1, columns.get(i).array(connection, rows));
    }
    return statement;
  }

  private record Column<T>(String type, Function<T, @Nullable Object> value) {
    Array array(Connection connection, List<T> rows) throws SQLException {
      int count = rows.size();
      // The driver takes bytes only in an array of that very type, and sends texts as they are only
      // in one of theirs.
      @Nullable Object[] elements =
          switch (type) {
            case "bytea" -> new byte[count][];
            case "text" -> new String[count];
            default -> new Object[count];
          };
      for (int i = 0; i < count; i++) elements[i] = Columns.write(value.apply(rows.get(i)));
      return connection.createArrayOf(type, elements);
    }
  }
}
