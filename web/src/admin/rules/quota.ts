import type { Quota } from "../../rules/quota";
import type { Block } from "./draft";

/** A stretch by its name; `sliding` is any so many days in a row. */
export type Period = Extract<Quota["per"], string> | "sliding";

/** What a new quota says until it says something else. */
export const NEW: Quota = {
  measure: "count", limit: 3, per: "week", scope: "resource", completedCount: true, lateCancelsCount: false,
};

export function periodOf({ per }: Quota): { period: Period; days: number } {
  return typeof per === "string" ? { period: per, days: 7 } : { period: "sliding", days: per.sliding_days };
}

export function withPeriod(one: Quota, period: Period, days: number): Quota {
  return { ...one, per: period === "sliding" ? { sliding_days: days } : period };
}

/** The rules with other quotas; without any they say nothing of them, as they did before. */
export function withQuotas<Part extends Block>(part: Part, quotas: Quota[]): Part {
  const { quotas: _, ...rules } = part.rules;
  return { ...part, rules: quotas.length > 0 ? { ...rules, quotas } : rules };
}
