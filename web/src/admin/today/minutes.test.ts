import { expect, test } from "vitest";
import { usedMinutes } from "./minutes";

const held = (status: "confirmed" | "cancelled" | "completed", attendance?: "no_show" | "late") => ({
  start: "2026-11-26T10:00:00Z",
  end: "2026-11-26T11:30:00Z",
  status,
  ...(attendance ? { attendance } : {}),
});

test("what was held is used, for whoever came", () => {
  expect(usedMinutes([held("confirmed"), held("completed", "late")])).toBe(180);
});

test("what was given back or missed is not", () => {
  expect(usedMinutes([held("cancelled"), held("completed", "no_show")])).toBe(0);
});
