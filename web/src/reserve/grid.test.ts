import { parseDate } from "@internationalized/date";
import { expect, test } from "vitest";
import { columns, nearest, type Slot } from "./grid";

const slot = (start: string, code?: string): Slot => ({
  start,
  end: start,
  bookable: !code,
  ...(code
    ? { reasons: [{ code, severity: "block", parameters: {}, overridableBy: [], nextSteps: [] }] }
    : {}),
});

test("a slot stands on the day it starts in the chosen zone", () => {
  const late = slot("2026-12-01T23:30:00Z");
  const of = (zone: string) =>
    columns(parseDate("2026-11-30"), [late], zone).findIndex((column) => column.slots.length > 0);
  expect(of("Europe/London")).toBe(1);
  expect(of("Europe/Berlin")).toBe(2);
});

test("the nearest other times are offered in order and closed ones are not", () => {
  const slots = [8, 9, 10, 11, 12].map((hour) =>
    slot(`2026-12-01T${String(hour).padStart(2, "0")}:00:00Z`, hour === 11 ? "x" : undefined),
  );
  const found = nearest(slots, "2026-12-01T10:00:00Z", 3).map((one) => one.start.slice(11, 13));
  expect(found).toEqual(["08", "09", "12"]);
});
