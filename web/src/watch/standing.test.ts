import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { daysLeft, resumesAt, standingOf } from "./standing";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const of = (part: Partial<Schemas["TrainingStatus"]>) =>
  ({ moduleId: "mod_1", completed: false, coveragePercent: 0, coveredSeconds: 0, ...part });

test("a module is as far as its status says", () => {
  expect(standingOf(undefined)).toBe("new");
  expect(standingOf(of({}))).toBe("new");
  expect(standingOf(of({ coveredSeconds: 3 }))).toBe("begun");
  expect(standingOf(of({ coveredSeconds: 180, needsConfirmationSince: "2026-11-25T12:00:00Z" }))).toBe("asked");
  expect(standingOf(of({ completed: true, completedAt: "2026-11-25T12:00:00Z" }))).toBe("completed");
});

test("a proof that was gained and counts no longer has expired, whatever was watched since", () => {
  expect(standingOf(of({ completedAt: "2026-01-01T12:00:00Z", coveredSeconds: 3 }))).toBe("expired");
});

test("a proof that ends tells in how many days, begun days counting whole", () => {
  const proof = { completed: true, completedAt: "2026-11-01T12:00:00Z" };
  expect(daysLeft(of({ ...proof, validUntil: "2026-12-16T11:00:00Z" }), NOW)).toBe(20);
  expect(daysLeft(of({ ...proof, validUntil: "2026-11-26T12:00:01Z" }), NOW)).toBe(1);
  expect(daysLeft(of(proof), NOW)).toBeUndefined();
  expect(daysLeft(of({ validUntil: "2026-12-16T11:00:00Z" }), NOW)).toBeUndefined();
});

test("a watch goes on at its first gap, and one that was not begun or is over nowhere", () => {
  expect(resumesAt(of({ gaps: [{ from: 431, to: 600 }] }))).toBe(431);
  expect(resumesAt(of({ gaps: [{ from: 0, to: 600 }] }))).toBeUndefined();
  expect(resumesAt(of({ completed: true, gaps: [{ from: 431, to: 600 }] }))).toBeUndefined();
  expect(resumesAt(undefined)).toBeUndefined();
});
