import { type ProblemError, UNREACHABLE, UNREADABLE } from "../api/problem";
import { m } from "../paraglide/messages";

/** What each code means, where the page says it in its own language. */
const SENTENCES: Record<string, () => string> = {
  [UNREACHABLE]: m.problem_unreachable,
  [UNREADABLE]: m.problem_unreadable,
  invalid_body: m.problem_invalid,
  invalid_credentials: m.problem_credentials,
  invalid_code: m.problem_code,
  rate_limited: m.problem_rate_limited,
  upstream_unavailable: m.problem_upstream,
  not_found: m.problem_not_found,
  not_eligible: m.problem_not_eligible,
  role_required: m.problem_role,
  factor_required: m.problem_factor_required,
  step_up_required: m.problem_step_up,
  slot_taken: m.problem_slot_taken,
  state_conflict: m.problem_state_conflict,
  precondition_failed: m.problem_changed,
  self_approval: m.problem_self_approval,
  internal: m.problem_internal,
};

/** A failure in a sentence; what has none of ours is told by the API's title. */
export function titleOf(problem: ProblemError): string {
  return SENTENCES[problem.code]?.() ?? problem.title;
}

/** Codes whose sentence says that it is so, and only the API says why. */
const UNEXPLAINED = new Set(["state_conflict"]);

/** What the API says beyond its title, where the page has no sentence that says it all. */
export function detailOf(problem: ProblemError): string | undefined {
  const isSaid = problem.code in SENTENCES && !UNEXPLAINED.has(problem.code);
  return isSaid || problem.reasons.length > 0 ? undefined : problem.detail;
}
