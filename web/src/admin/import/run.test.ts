import { expect, test, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import type { Row } from "./rows";
import { invite } from "./run";

const row = (email: string): Row => ({
  line: 2, email, name: email, roles: ["member"], timeZone: "UTC", verdict: "new", faults: [],
});
const rows = ["a", "b", "c"].map(row);

/** Runs over three rows with the answers each gets in turn; an error is thrown. */
async function runs(answers: Record<string, (ProblemError | "made")[]>, stopAt?: string) {
  const stop = new AbortController();
  const told: string[] = [];
  const wait = vi.fn(async () => {});
  const create = async ({ email }: Row) => {
    if (email === stopAt) stop.abort();
    const answer = answers[email]?.shift() ?? "made";
    if (answer !== "made") throw answer;
  };
  const onRow = ({ email }: Row, { kind }: { kind: string }) => void told.push(`${email} ${kind}`);
  const end = await invite(rows, { create, wait, onRow, signal: stop.signal }).catch((error: unknown) => error);
  return { told, wait, end };
}

const problem = (status: number, code: string, retryAfter?: number) =>
  new ProblemError({ status, code, ...(retryAfter === undefined ? {} : { retryAfter }) });

test("who is there already, and what is refused, is told, and the rest is invited", async () => {
  const { told } = await runs({ a: [problem(409, "state_conflict")], b: [problem(400, "invalid")] });
  expect(told).toEqual(["a known", "b refused", "c made"]);
});

test("where the API asks to wait the same row is tried again", async () => {
  const { told, wait } = await runs({ b: [problem(429, "rate_limited", 7)] });
  expect(told).toEqual(["a made", "b made", "c made"]);
  expect(wait.mock.calls).toEqual([[7]]);
});

test("what concerns all rows ends it, and the rows before stay done", async () => {
  const { told, end } = await runs({ b: [problem(0, "unreachable")] });
  expect(told).toEqual(["a made"]);
  expect(end).toBeInstanceOf(ProblemError);
});

test("it is not asked for ever", async () => {
  const again = () => problem(429, "rate_limited", 1);
  const { wait, end } = await runs({ a: Array.from({ length: 9 }, again) });
  expect(wait).toHaveBeenCalledTimes(4);
  expect(end).toBeInstanceOf(ProblemError);
});

test("whoever stops it keeps what is done, and no further row is sent", async () => {
  const { told } = await runs({}, "b");
  expect(told).toEqual(["a made", "b made"]);
});
