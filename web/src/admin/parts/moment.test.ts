import { expect, test } from "vitest";
import { instantOf, localOf, stretch } from "./moment";

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
