package millrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.orm.jpa.JpaSystemException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Turns whatever ends a request of the merchant API into a problem.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(2);

  private final ProblemWriter writer;

  ProblemAdvice(ProblemWriter writer) {
    this.writer = writer;
  }

  @ExceptionHandler
  ResponseEntity<Object> problem(ProblemException answer, HttpServletRequest request) {
    return writer.entity(request, answer.problem());
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    QueryTimeoutException.class,
    CannotCreateTransactionException.class,
    JpaSystemException.class
  })
  ResponseEntity<Object> databaseDown(Exception cause, HttpServletRequest request) {
    LOG.warn("the database did not serve a request: {}", cause.toString());
    return writer.entity(request, unavailable());
  }

  /// What is not percent-encoded UTF-8, or far too much of it.
  @ExceptionHandler
  ResponseEntity<Object> unreadable(InvalidParameterException cause, HttpServletRequest request) {
    return writer.entity(
        request,
        Problem.of(
            ProblemCode.INVALID_REQUEST,
            "The parameters cannot be read. Send few, in percent-encoded UTF-8."));
  }

  /// Nothing can be said any more, so the container cuts the connection.
  @ExceptionHandler
  ResponseEntity<Object> unfinished(UnfinishedAnswer broken) {
    throw broken;
  }

  @ExceptionHandler
  ResponseEntity<Object> bug(Exception bug, HttpServletRequest request) {
    LOG.error("a request failed", bug);
    return writer.entity(request, Problem.internalError());
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception cause,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest web) {
    var request = ((ServletWebRequest) web).getRequest();
    var answer = writer.entity(request, problem(cause, status));
    var allow = headers.getFirst(HttpHeaders.ALLOW);
    if (allow == null) return answer;
    return ResponseEntity.status(answer.getStatusCode())
        .headers(answer.getHeaders())
        .header(HttpHeaders.ALLOW, allow)
        .body(answer.getBody());
  }

  static Problem unavailable() {
    return Problem.of(ProblemCode.UNAVAILABLE, "Our store does not answer; nothing was changed.")
        .retryAfter(DATABASE_RETRY);
  }

  private static Problem problem(Exception cause, HttpStatusCode status) {
    return switch (cause) {
      case HttpMessageNotReadableException unreadable -> BodyFault.of(unreadable);
      case MethodArgumentTypeMismatchException mismatch ->
          Problem.of(
                  ProblemCode.INVALID_REQUEST,
                  mismatch.getName() + " " + Form.of(mismatch.getRequiredType()) + ".")
              .about(mismatch.getName());
      case MissingServletRequestParameterException missing ->
          Problem.of(ProblemCode.INVALID_REQUEST, missing.getParameterName() + " is missing.")
              .about(missing.getParameterName());
      case MethodArgumentNotValidException invalid -> invalid(invalid);
      case HttpMediaTypeNotSupportedException other -> mediaType(other);
      default -> ofStatus(status.value());
    };
  }

  private static Problem invalid(MethodArgumentNotValidException invalid) {
    return BodyFault.first(
        invalid.getBindingResult().getFieldErrors(),
        FieldError::getField,
        error -> String.valueOf(error.getDefaultMessage()));
  }

  private static Problem mediaType(HttpMediaTypeNotSupportedException other) {
    var taken = other.getSupportedMediaTypes();
    return taken.isEmpty() || taken.contains(MediaType.APPLICATION_JSON)
        ? ofStatus(other.getStatusCode().value())
        : Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send " + taken.getFirst() + ".");
  }

  static Problem ofStatus(int status) {
    return switch (status) {
      case 401 -> Problem.of(ProblemCode.INVALID_API_KEY, "The API key is not valid.");
      case 404 -> Problem.notFound("resource");
      case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "See the Allow header.");
      case 406 -> Problem.of(ProblemCode.NOT_ACCEPTABLE, "Answers are application/json.");
      case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "Send less.");
      case 415 -> Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
      case 503 -> unavailable();
      default ->
          status >= 500
              ? Problem.internalError()
              : Problem.of(ProblemCode.INVALID_REQUEST, "The request is not valid.");
    };
  }
}
