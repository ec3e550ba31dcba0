import { m } from "../paraglide/messages";

/** A value, or one by who asks. */
export type Varied<T> = T | { base?: T; groups?: unknown[]; levels?: unknown[] };

interface Parts<T> {
  base?: T;
  groups?: { group: string; value: T }[];
  levels?: { from: number; value: T }[];
}

/** A sentence and whatever else is to be said of the same. */
export function joined(first: string, rest: readonly (string | undefined)[]): string {
  return [first, ...rest.filter((part) => part !== undefined)].join(", ");
}

/** A number that is set; one that differs by who asks with what it is for whom. */
export function number(value: Varied<number | null> | undefined, say: (count: number) => string): string | undefined {
  if (typeof value === "number") return value > 0 ? say(value) : undefined;
  return value ? byWho(value, (count) => (count ? say(count) : m.admin_rule_no_base())) : undefined;
}

/** What differs by who asks, in one sentence. */
export function byWho<T>(value: Varied<T>, say: (value: T | undefined) => string): string {
  const { base, groups = [], levels = [] } = value as Parts<T>;
  return [
    say(base),
    ...groups.map(({ group, value: own }) => m.admin_rule_for_group({ group, rule: say(own) })),
    ...levels.map(({ from, value: own }) => m.admin_rule_from_level({ level: from, rule: say(own) })),
  ].join("; ");
}
