package millrace.gateway.report;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import millrace.gateway.admission.Places;
import millrace.gateway.merchant.Caller;
import millrace.gateway.problem.UnfinishedAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.core.exc.JacksonIOException;

/// Writes files while they are read, so that their length costs no memory.
@Component
final class Exports {
  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

  private final Places places;

  Exports(ReportSettings settings) {
    this.places = new Places(settings.atOnce(), settings.atOnceOfMerchant());
  }

  /// The first portion is read before anything is sent: what fails there is a problem like any
  /// other.
  ///
  /// @param name of the file
  <R> void write(
      Caller caller,
      HttpServletResponse response,
      String name,
      Format format,
      Class<R> row,
      Portions<R> portions) {
    places.in(
        caller.merchant(),
        () -> {
          var first = portions.next();
          response.setContentType(format.mediaType());
          response.setCharacterEncoding("UTF-8");
          response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          response.setHeader(
              HttpHeaders.CONTENT_DISPOSITION,
              "attachment; filename=\"" + name + "." + format.extension() + "\"");
          try {
            write(response, format, row, first, portions);
          } catch (JacksonIOException | IOException gone) {
            LOG.debug("the reader of an export has gone", gone);
            throw new UnfinishedAnswer(gone);
          } catch (RuntimeException failed) {
            LOG.warn("an export ends before its end: {}", failed.toString());
            throw new UnfinishedAnswer(failed);
          }
          return true;
        });
  }

  /// What is no file and takes as long to add up: in the same places.
  <T> T one(Caller caller, Supplier<T> work) {
    return places.in(caller.merchant(), work);
  }

  private static <R> void write(
      HttpServletResponse response,
      Format format,
      Class<R> row,
      List<R> first,
      Portions<R> portions)
      throws IOException {
    var out = response.getOutputStream();
    // A header without rows is what a table of nothing looks like.
    if (first.isEmpty() && format == Format.CSV) out.write(format.header(row));
    var writer = format.writer(row).writeValues(out);
    for (var rows = first; !rows.isEmpty(); rows = portions.next()) writer.writeAll(rows);
    if (!first.isEmpty()) writer.flush();
    if (!first.isEmpty() && format == Format.JSONL) out.write('\n');
    response.flushBuffer();
  }
}
