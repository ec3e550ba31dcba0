import { expect, test } from "vitest";
import { readProblem } from "./problem";

const answer = (status: number, code: string) =>
  readProblem(Response.json({ code, title: "", detail: "", instance: "" }, { status }));

test("what may pass is tried again under the same key, and a refusal for good is not", async () => {
  expect((await answer(409, "idempotency_in_progress")).isPassing).toBe(true);
  expect((await answer(503, "upstream_unavailable")).isPassing).toBe(true);
  expect((await answer(409, "slot_taken")).isPassing).toBe(false);
});
