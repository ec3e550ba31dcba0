import { expect, test } from "vitest";
import { oldestWait, signOfCalcom, signOfRun } from "./signs";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const run = (startedAt: string, failure?: "unavailable") =>
  ({ state: "finished", startedAt, ...(failure ? { failure } : {}) }) as const;

test("a run of a moment ago is well", () => {
  expect(signOfRun(run("2026-11-26T11:55:00Z"), NOW)).toBe("go");
});

test("a run that is late is worth a look, and none in a day is a fault", () => {
  expect(signOfRun(run("2026-11-26T11:30:00Z"), NOW)).toBe("wait");
  expect(signOfRun(run("2026-11-25T09:00:00Z"), NOW)).toBe("stop");
});

test("a run that failed is a fault however young", () => {
  expect(signOfRun(run("2026-11-26T11:59:00Z", "unavailable"), NOW)).toBe("stop");
});

test("no run yet is worth a look", () => {
  expect(signOfRun(undefined, NOW)).toBe("wait");
});

test("the oldest delivery tells how long the queue is", () => {
  const events = [{ lastReceivedAt: "2026-11-26T11:59:00Z" }, { lastReceivedAt: "2026-11-26T11:50:00Z" }];
  expect(oldestWait(events, NOW)).toBe(600);
  expect(oldestWait([], NOW)).toBe(0);
});

test("what nobody knows yet of Cal.com is no fault", () => {
  expect([signOfCalcom("ok"), signOfCalcom("degraded"), signOfCalcom("down"), signOfCalcom(undefined)]).toEqual(["go", "wait", "stop", "wait"]);
});
