import { expect, test } from "vitest";
import { overwriteGetLocale } from "../paraglide/runtime";
import { closure } from "./closures";
import { besideHours, hours, type Limits, limitsBeside, limitsOf } from "./limits";

overwriteGetLocale(() => "en");
const EVENING = [{ opens: "17:00:00", closes: "21:00:00" }];
const shown = {
  notice: { createMinutes: 60, changeMinutes: 0, cancelMinutes: 120 },
  duration: { maximumMinutes: 120 },
  quotas: [{ measure: "count", limit: 2, per: { sliding_days: 10 }, scope: "category", hours: { monday: EVENING, tuesday: EVENING }, completedCount: false, lateCancelsCount: true }],
  lateCancelMinutes: 180,
  allowParallel: false,
} satisfies Limits;

test("what a member is shown is told in the same sentences", () => {
  expect(besideHours(shown, undefined, String)).toEqual([
    "Reserved at least 1 h before",
    "Cancelled at least 2 h before",
    "Given back later than 3 h before counts as late",
    "At most 2 h long",
    "At most 2 reservations in any 10 days, on its whole category, counted within Monday–Tuesday 17:00–21:00, only what lies ahead, late cancellations included",
  ]);
});

test("what one kind does not say of two at one time stays as it is", () => {
  expect(limitsOf({}, String)).toEqual(["Never two at one time"]);
  expect(limitsBeside({}, String)).toEqual([]);
  expect(limitsBeside({ allowParallel: true }, String)).toEqual(["Two at one time are allowed"]);
});

test("no hours are no sentence", () => {
  expect(hours(undefined)).toEqual([]);
});

test("a closure is told with its days or its clock, and what it is for", () => {
  expect(closure({ from: "2026-12-24", to: "2026-12-26", note: "Christmas" }, "UTC")).toBe("Closed Thu 24 Dec – Sat 26 Dec, Christmas");
  expect(closure({ from: "2026-12-24", to: "2026-12-24" }, "UTC")).toBe("Closed Thu 24 Dec");
  expect(closure({ start: "2026-12-24T10:00:00Z", end: "2026-12-24T12:00:00Z" }, "UTC")).toBe("Closed Thu 24 Dec, 10:00 – Thu 24 Dec, 12:00");
});
