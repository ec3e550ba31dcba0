import { expect, test } from "vitest";
import { pathOf } from "./place";

test("what is asked of a host is asked under its own path", () => {
  const path = "/api/machines/{machineId}/policy";
  expect(pathOf(path, { machineId: "hst_coach" })).toBe("/api/hosts/{machineId}/policy");
  expect(pathOf(path, { machineId: "mch_laser" })).toBe(path);
  expect(pathOf("/api/users/{userId}", { userId: "usr_max" })).toBe("/api/users/{userId}");
});
