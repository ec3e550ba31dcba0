import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { isForCheckout } from "./ready";

const lacking = (...codes: string[]) =>
  ({ reasons: codes.map((code) => ({ code, severity: "block" })) }) as unknown as Schemas["Readiness"];

test("whoever lacks only the yes at the bench is ready for it", () => {
  expect(isForCheckout(lacking("checkout_missing"))).toBe(true);
  expect(isForCheckout(lacking("checkout_expired", "checkout_level"))).toBe(true);
});

test("whoever lacks a training too, or nothing at all, is not", () => {
  expect(isForCheckout(lacking("training_incomplete", "checkout_missing"))).toBe(false);
  expect(isForCheckout(lacking())).toBe(false);
});

test("what only waits for a yes to the reservation stands in nobody's way", () => {
  const reasons = [...lacking("checkout_missing").reasons, { code: "approval_needed", severity: "approval" }];
  expect(isForCheckout({ reasons } as Schemas["Readiness"])).toBe(true);
});
