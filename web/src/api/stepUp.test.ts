import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerStepUp, sendWithStepUp, stepUpAsked } from "./stepUp";

const refusal = (code: string) => Response.json({ code, title: "", detail: "", instance: "" }, { status: 403 });
const call = () =>
  new Request("https://interlock.example/api/x", { method: "POST", body: "what", headers: { "Idempotency-Key": "k" } });

let sent: string[];
let answers: Response[];
let unlook: () => void;

beforeEach(() => {
  sent = [];
  unlook = stepUpAsked.subscribe(() => {});
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(`${await request.text()} ${request.headers.get("Idempotency-Key")}`);
    return answers.shift();
  });
});

afterEach(() => {
  unlook();
  vi.unstubAllGlobals();
});

test("a call that wants the factor anew is sent again as it was once it is shown", async () => {
  answers = [refusal("step_up_required"), Response.json({ done: true })];
  const answer = sendWithStepUp(call());
  await vi.waitFor(() => expect(stepUpAsked.get()).toBe(true));
  answerStepUp(true);
  expect((await answer).status).toBe(200);
  expect(sent).toEqual(["what k", "what k"]);
  expect(stepUpAsked.get()).toBe(false);
});

test("whoever does not show it gets the refusal", async () => {
  answers = [refusal("step_up_required")];
  const answer = sendWithStepUp(call());
  await vi.waitFor(() => expect(stepUpAsked.get()).toBe(true));
  answerStepUp(false);
  expect((await answer).status).toBe(403);
  expect(sent).toHaveLength(1);
});

test("another refusal asks for nothing", async () => {
  answers = [refusal("role_required")];
  expect((await sendWithStepUp(call())).status).toBe(403);
  expect(stepUpAsked.get()).toBe(false);
});

test("two calls wait for one showing", async () => {
  answers = [refusal("step_up_required"), refusal("step_up_required"), Response.json({}), Response.json({})];
  const both = Promise.all([sendWithStepUp(call()), sendWithStepUp(call())]);
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  await vi.waitFor(() => expect(stepUpAsked.get()).toBe(true));
  await new Promise((resolve) => setTimeout(resolve));
  answerStepUp(true);
  expect((await both).map(({ status }) => status)).toEqual([200, 200]);
});

test("where nobody can be asked the refusal stands", async () => {
  unlook();
  answers = [refusal("step_up_required")];
  expect((await sendWithStepUp(call())).status).toBe(403);
});
