import { asProblem, type ProblemError } from "../../api/problem";
import type { Row } from "./rows";

/** What became of a row. */
export type Outcome = { kind: "made" } | { kind: "known" } | { kind: "refused"; problem: ProblemError };

interface Means {
  create(row: Row): Promise<unknown>;
  wait(seconds: number): Promise<void>;
  onRow(row: Row, outcome: Outcome): void;
  signal: AbortSignal;
}

/** How often one row is tried again where the API asks to wait. */
const TRIES = 5;

/**
 * Invites one after the other until all are, or it is told to stop. A row that is refused is told
 * and the next is tried; what concerns all rows ends it and is thrown. Whoever goes on later gives
 * the rows that are left: one that was made although its answer was lost is found there already.
 */
export async function invite(rows: readonly Row[], means: Means): Promise<void> {
  for (const row of rows) {
    if (means.signal.aborted) return;
    const outcome = await once(row, means);
    if (!outcome) return;
    means.onRow(row, outcome);
  }
}

async function once(row: Row, { create, wait, signal }: Means): Promise<Outcome | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      await create(row);
      return { kind: "made" };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === "state_conflict") return { kind: "known" };
      if (isOfRow(problem)) return { kind: "refused", problem };
      if (problem.retryAfter === undefined || tries >= TRIES) throw problem;
      await wait(problem.retryAfter);
      if (signal.aborted) return undefined;
    }
  }
}

/** Whether it is about what the row says, or about a role that the caller may not give. */
function isOfRow({ status, code }: ProblemError): boolean {
  return status === 400 || status === 422 || code === "role_required";
}
