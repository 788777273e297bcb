package millrace.gateway.balance;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.protocol.channel.HubTerms;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The hub's promise to a merchant, with which the vault pays even if there is no hub any more.
@RestController
@Tag(name = "balance")
class PromiseController {
  private final Merchants merchants;
  private final Promises promises;
  private final HubTerms terms;
  private final LiveMode mode;

  PromiseController(Merchants merchants, Promises promises, HubTerms terms, LiveMode mode) {
    this.merchants = merchants;
    this.promises = promises;
    this.terms = terms;
    this.mode = mode;
  }

  @GetMapping("/v1/balance/promise")
  @Operation(
      operationId = "getPromise",
      summary = "Show the newest promise of the hub",
      description =
          "Keep it. With it the vault credits the payout address, whoever presents it and without"
              + " the hub. It covers all promises before it. 404 before the first one.")
  @Problems(ProblemCode.NOT_FOUND)
  PromiseBody get(@Scoped(Scope.BALANCE_READ) Caller caller) {
    return promises
        .newest(merchants.payee(caller.merchant()), terms.token().address())
        .map(promise -> PromiseBody.of(promise, terms, mode.live()))
        .orElseThrow(() -> Problem.notFound("promise").asException());
  }
}
