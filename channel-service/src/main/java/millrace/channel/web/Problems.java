package millrace.channel.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Errors as problem+json. Whatever PostgreSQL could not do is 503: nothing of the answer is known,
/// perhaps not even whether the commit happened, and asking again with the same ids and keys tells.
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<ProblemDetail> unavailable(RuntimeException e) {
    LOG.warn("the database did not do its part: {}", e.toString());
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .body(problem(HttpStatus.SERVICE_UNAVAILABLE, "the database is not available"));
  }

  @ExceptionHandler(BadRequest.class)
  ResponseEntity<ProblemDetail> badRequest(BadRequest e) {
    return ResponseEntity.of(problem(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage())))
        .build();
  }

  @ExceptionHandler(NotFound.class)
  ResponseEntity<ProblemDetail> notFound(NotFound e) {
    return ResponseEntity.of(problem(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()))).build();
  }

  @ExceptionHandler(TooLarge.class)
  ResponseEntity<ProblemDetail> tooLarge(TooLarge e) {
    return ResponseEntity.of(problem(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(e.getMessage())))
        .build();
  }

  private static ProblemDetail problem(HttpStatus status, String detail) {
    return ProblemDetail.forStatusAndDetail(status, detail);
  }
}
