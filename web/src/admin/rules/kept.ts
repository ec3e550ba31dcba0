import type { QueryClient } from "@tanstack/react-query";
import type { Policy } from "./draft";
import type { Standing } from "./policy";

/** Why rules change, and from when on. */
export interface Why {
  reason: string;
  /** What a field of kind `datetime-local` holds. */
  from: string;
}

export const UNSAID: Why = { reason: "", from: "" };

/** Rules that were typed and are not saved. */
export interface Kept {
  /** What was in force when they were begun. */
  base: Standing;
  draft: Policy;
  /** The draft as text, where it is written as such; it may be no policy. */
  text: string | undefined;
  why: Why;
}

const keyOf = (machineId: string) => ["draft", machineId];

/**
 * Keeps what is typed beside what was looked up, so that it outlives its page and ends with the
 * session; `undefined` forgets it.
 */
export function keep(client: QueryClient, machineId: string, kept: Kept | undefined): void {
  const queryKey = keyOf(machineId);
  if (kept === undefined) {
    client.removeQueries({ queryKey, exact: true });
    return;
  }
  // What nobody looks at is forgotten after minutes, and this nobody can look up again.
  client.setQueryDefaults(queryKey, { gcTime: Infinity });
  client.setQueryData<Kept>(queryKey, kept);
}

/** What was typed of a machine's rules the last time, if it was not saved. */
export function keptOf(client: QueryClient, machineId: string): Kept | undefined {
  return client.getQueryData<Kept>(keyOf(machineId));
}
