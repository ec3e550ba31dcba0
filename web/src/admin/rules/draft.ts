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
] as const;

export type Limit = (typeof LIMITS)[number];

/** Something that differs by who asks: the form leaves it alone. */
export const VARIED = "varied";

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The number at a limit, nothing where there is none, or that it differs by who asks. */
export function limitOf(policy: Block, limit: Limit): number | undefined | typeof VARIED {
  const found = limit.reduce<unknown>((tree, name) => (isTree(tree) ? tree[name] : undefined), policy.rules);
  if (typeof found === "number") return found;
  return isTree(found) ? VARIED : undefined;
}

/** The policy with another number at a limit, or with none. */
export function withLimit<Part extends Block>(policy: Part, limit: Limit, value: number | undefined): Part {
  const [first, second] = limit as readonly [string, string?];
  const rules = { ...(policy.rules as unknown as Tree) };
  const place = second === undefined ? rules : { ...(isTree(rules[first]) ? rules[first] : {}) };
  const name = second ?? first;
  if (value === undefined) delete place[name];
  else place[name] = value;
  if (second !== undefined) rules[first] = place;
  return { ...policy, rules: rules as unknown as Policy["rules"] };
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
