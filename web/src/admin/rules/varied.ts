/** A value for everybody, with others in its place for some. */
export interface Varied<T> {
  base: T;
  groups: { group: string; value: T }[];
  levels: { from: number; value: T }[];
}

const isVaried = (value: unknown): value is Partial<Varied<unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && ("base" in value || "groups" in value || "levels" in value);

/** A value of the policy with every part it may have; `none` is what is said where nothing is. */
export function unfolded<T>(value: unknown, none: T): Varied<T> {
  if (!isVaried(value)) return { base: (value ?? none) as T, groups: [], levels: [] };
  const { base, groups, levels } = value as Partial<Varied<T>>;
  return { base: base ?? none, groups: groups ?? [], levels: levels ?? [] };
}

/** As the policy has it: one value where it is the same for all, and nothing where that is `none`. */
export function folded<T>({ base, groups, levels }: Varied<T>, none: T): unknown {
  if (groups.length > 0 || levels.length > 0) {
    return { base, ...(groups.length > 0 ? { groups } : {}), ...(levels.length > 0 ? { levels } : {}) };
  }
  return base === none ? undefined : base;
}

/** With one more group, or one more level above the others; each begins as what counts without it. */
export function withGroup<T>(value: Varied<T>): Varied<T> {
  return { ...value, groups: [...value.groups, { group: "", value: value.base }] };
}

export function withLevel<T>(value: Varied<T>): Varied<T> {
  const last = value.levels.at(-1);
  const next = { from: (last?.from ?? 0) + 1, value: last ? last.value : value.base };
  return { ...value, levels: [...value.levels, next] };
}

/** A list with another entry at a place, or without it. */
export function replaced<Entry>(list: readonly Entry[], at: number, next: Entry | undefined): Entry[] {
  return list.flatMap((old, place) => (place === at ? (next === undefined ? [] : [next]) : [old]));
}
