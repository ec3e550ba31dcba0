import { expect, test } from "vitest";
import { instantOf, localOf, passed, stretch } from "./moment";

test("a stretch is told in its two largest units", () => {
  expect([0, 59, 60, 3700, 90_061].map(stretch)).toEqual(["< 1 min", "< 1 min", "1 min", "1 h 1 min", "1 d 1 h"]);
});

test("an empty or broken field is no instant", () => {
  expect([instantOf(""), instantOf("soon")]).toEqual([undefined, undefined]);
});

test("an instant comes back from its field", () => {
  const at = "2026-03-07T09:05:00.000Z";
  expect(instantOf(localOf(at))).toBe(at);
  expect(localOf(undefined)).toBe("");
});

test("a field is an instant of this device's zone", () => {
  expect(instantOf("2026-11-26T10:00")).toBe(new Date(2026, 10, 26, 10).toISOString());
});

test("how long something took is told in seconds until there are minutes", () => {
  const after = (ms: number) => passed("2026-03-02T09:00:00Z", new Date(Date.UTC(2026, 2, 2, 9) + ms).toISOString());
  expect([after(-5), after(400), after(2_400), after(59_000), after(90_000)]).toEqual(["< 1 s", "< 1 s", "2 s", "59 s", "1 min"]);
});
