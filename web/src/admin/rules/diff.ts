/** One place where two values differ; nothing where one of them has nothing. */
export interface Difference {
  pointer: string;
  before: unknown;
  after: unknown;
}

/** Every place where two JSON values differ, by pointer (RFC 6901), in the order of the first. */
export function differences(before: unknown, after: unknown, pointer = ""): Difference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], `${pointer}/${escaped(name)}`));
  }
  return same(before, after) ? [] : [{ pointer, before, after }];
}

type Branch = { [name: string]: unknown };

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

/** A field that is absent and one that is null say the same. */
function same(one: unknown, other: unknown): boolean {
  return one === other || ((one ?? null) === null && (other ?? null) === null);
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A value in one line. */
export function told(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
