import { type ProblemError, UNREACHABLE, UNREADABLE } from "../api/problem";
import { m } from "../paraglide/messages";

/** Sentences for what the page's language must say; the rest comes from the API as it is. */
export function titleOf(problem: ProblemError): string {
  switch (problem.code) {
    case UNREACHABLE:
      return m.problem_unreachable();
    case UNREADABLE:
      return m.problem_unreadable();
    case "invalid_credentials":
      return m.problem_credentials();
    case "rate_limited":
      return m.problem_rate_limited();
    case "upstream_unavailable":
      return m.problem_upstream();
    case "not_found":
      return m.problem_not_found();
    case "not_eligible":
      return m.problem_not_eligible();
    case "slot_taken":
      return m.problem_slot_taken();
    case "state_conflict":
      return m.problem_state_conflict();
    case "internal":
      return m.problem_internal();
    default:
      return problem.title;
  }
}
