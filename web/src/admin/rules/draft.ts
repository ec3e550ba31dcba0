import type { Schemas } from "../../api/client";

export type Policy = Schemas["Policy"];
export type Requirement = Schemas["PolicyRequirement"];
/** What is asked and what limits apply: of the policy itself, or beside it of one event type. */
export type Block = Pick<Policy, "requirements" | "rules">;
type Tree = { [name: string]: unknown };

/** Limits that are one number each, by their place in the rules. */
export const LIMITS = [
  ["horizonDays"],
  ["openCap"],
  ["notice", "createMinutes"],
  ["notice", "changeMinutes"],
  ["notice", "cancelMinutes"],
  ["duration", "minimumMinutes"],
  ["duration", "maximumMinutes"],
  ["duration", "stepMinutes"],
  ["gridMinutes"],
  ["minimumGapMinutes"],
  ["minimumPresent"],
  ["freeEditMinutes"],
  ["lateCancelMinutes"],
] as const;

export type Limit = (typeof LIMITS)[number];

/** Those that may differ by who asks, with what is said there where nothing is limited. */
export const BY_WHO: Record<string, null | 0> = {
  horizonDays: null,
  openCap: null,
  "notice.createMinutes": 0,
  "notice.changeMinutes": 0,
  "notice.cancelMinutes": 0,
  "duration.maximumMinutes": null,
  minimumGapMinutes: 0,
  minimumPresent: 0,
};

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is said at a limit, a number or several by who asks; nothing where nothing is. */
export function limitOf(policy: Block, limit: Limit): unknown {
  return limit.reduce<unknown>((tree, name) => (isTree(tree) ? tree[name] : undefined), policy.rules) ?? undefined;
}

/** The policy with something else at a limit, or with nothing. */
export function withLimit<Part extends Block>(policy: Part, limit: Limit, value: unknown): Part {
  const [first, second] = limit as readonly [string, string?];
  const rules = { ...(policy.rules as unknown as Tree) };
  const place = second === undefined ? rules : { ...(isTree(rules[first]) ? rules[first] : {}) };
  const name = second ?? first;
  if (value === undefined) delete place[name];
  else place[name] = value;
  if (second !== undefined) rules[first] = place;
  return { ...policy, rules: rules as unknown as Policy["rules"] };
}

/** The policy with another rule under a name, or without it. */
export function withRule<Part extends Block, Name extends keyof Part["rules"]>(policy: Part, name: Name, rule: unknown): Part {
  const { [name]: _, ...rules } = policy.rules as Part["rules"];
  return { ...policy, rules: rule === undefined ? rules : { ...rules, [name]: rule } };
}

export type Loss = "keep" | "flag" | "renew_by" | "cancel";
/** What is lost: something of the person, or of the machine. */
export type Lost = "person" | "resource";
type Outcome = Schemas["PolicyLossOutcome"];
const USUAL: Record<Lost, Outcome> = { person: "cancel", resource: "flag" };

/** What becomes of reservations ahead when something is lost, and within how many days it is to be made good. */
export function lossOf(policy: Block, lost: Lost): { loss: Loss; days: number } {
  const rule: Outcome = policy.rules.onLostEligibility?.[lost] ?? USUAL[lost];
  return typeof rule === "string" ? { loss: rule, days: 14 } : { loss: "renew_by", days: rule.renew_by.days };
}

export function withLoss<Part extends Block>(policy: Part, lost: Lost, { loss, days }: { loss: Loss; days: number }): Part {
  const rule: Outcome = loss === "renew_by" ? { renew_by: { days } } : loss;
  const all = { ...USUAL, ...policy.rules.onLostEligibility, [lost]: rule };
  return { ...policy, rules: { ...policy.rules, onLostEligibility: all } };
}

/** What is sent: the number of a save is given by the API. */
export function sendable(policy: Policy): Policy {
  const { version: _, ...rest } = policy;
  // The type wants the number, and the API counts without it.
  return rest as Policy;
}

/** Reads what was typed as a policy; whether it is one, saving judges. */
export function parsed(text: string): Policy | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value) && isTree(value["rules"]) ? (value as unknown as Policy) : undefined;
  } catch {
    return undefined;
  }
}
