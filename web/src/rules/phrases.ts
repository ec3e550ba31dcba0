import { m } from "../paraglide/messages";

/** A value, or one by who asks. */
export type Varied<T> = T | { base?: T; groups?: unknown[]; levels?: unknown[] };

/** A sentence and whatever else is to be said of the same. */
export function joined(first: string, rest: readonly (string | undefined)[]): string {
  return [first, ...rest.filter((part) => part !== undefined)].join(", ");
}

/** A number that is set; one that differs by who asks is told by its base. */
export function number(value: Varied<number | null> | undefined, say: (count: number) => string): string | undefined {
  if (typeof value === "number") return value > 0 ? say(value) : undefined;
  if (!value) return undefined;
  return `${value.base ? say(value.base) : m.admin_rule_no_base()} ${m.admin_rule_varied()}`;
}
