import { parseDate } from "@internationalized/date";
import { expect, test } from "vitest";
import { columns, lines, nearest, type Slot } from "./grid";

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

test("the time to be moved stands among the free ones, where its day is in the zone", () => {
  const slots = [slot("2026-12-01T08:00:00Z"), slot("2026-12-01T10:00:00Z")];
  const marks = [{ start: "2026-12-01T09:00:00Z", kind: "moved" as const }];
  const days = columns(parseDate("2026-11-30"), slots, "UTC", marks).map(lines);
  expect(days[1]?.map((line) => [line.start.slice(11, 13), line.mark])).toEqual([
    ["08", undefined], ["09", "moved"], ["10", undefined],
  ]);
  expect(days.filter((day) => day.length > 0)).toHaveLength(1);
});

test("a mark at the start of a slot is one line with it", () => {
  const day = { slots: [slot("2026-12-01T08:00:00Z")], marks: [{ start: "2026-12-01T08:00:00.000Z", kind: "lost" as const }] };
  expect(lines(day)).toEqual([{ start: "2026-12-01T08:00:00Z", slot: day.slots[0], mark: "lost" }]);
});
