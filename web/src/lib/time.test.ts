import { parseDate } from "@internationalized/date";
import { afterEach, expect, test, vi } from "vitest";
import { dialect } from "./dialect";
import { clock, dayOf, longDay, mondayOf, offsetName, ownZone, position, range, startOfDay, zoneOr } from "./time";

afterEach(() => vi.unstubAllGlobals());

test("a day begins when its zone says", () => {
  expect(startOfDay(parseDate("2026-10-25"), "Europe/Berlin")).toBe("2026-10-24T22:00:00.000Z");
  expect(startOfDay(parseDate("2026-10-26"), "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z");
});

test("an instant lies on different days in different zones", () => {
  const at = "2026-11-30T23:30:00Z";
  expect(dayOf(at, "Europe/Berlin").toString()).toBe("2026-12-01");
  expect(dayOf(at, "America/Sao_Paulo").toString()).toBe("2026-11-30");
  expect(dayOf(at, "Pacific/Kiritimati").toString()).toBe("2026-12-01");
});

test("the hour that comes twice is told apart by its offset", () => {
  const zone = "Europe/Berlin";
  expect(clock("2026-10-25T00:30:00Z", zone, "en")).toBe("02:30 GMT+2");
  expect(clock("2026-10-25T01:30:00Z", zone, "en")).toBe("02:30 GMT+1");
  expect(clock("2026-10-25T02:30:00Z", zone, "en")).toBe("03:30");
});

test("no clock shows the hour that is skipped", () => {
  const zone = "Europe/Berlin";
  expect(range("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", zone, "en")).toBe("01:30–03:30");
});

test("weeks begin on Monday", () => {
  for (const day of ["2026-11-23", "2026-11-26", "2026-11-29"]) {
    expect(mondayOf(parseDate(day)).toString()).toBe("2026-11-23");
  }
});

test("offsets and places in a film are short", () => {
  expect(offsetName("2026-11-26T09:00:00Z", "Asia/Kolkata")).toBe("GMT+5:30");
  expect([position(0), position(65.9), position(600)]).toEqual(["0:00", "1:05", "10:00"]);
});

test("a device that wants twelve hours gets them in every language", () => {
  vi.stubGlobal("localStorage", { getItem: () => "12" });
  expect(clock("2026-11-26T14:05:00Z", "UTC", "en")).toMatch(/^0?2:05 pm$/i);
  expect(clock("2026-11-26T14:05:00Z", "UTC", "de")).toMatch(/^0?2:05 PM$/);
});

test("each language is that of a country", () => {
  expect(["en", "de", "pt"].map(dialect)).toEqual(["en-GB", "de", "pt-BR"]);
  expect(longDay("2026-11-26T12:00:00Z", "America/Sao_Paulo", "pt")).toContain("quinta-feira");
});

test("a zone that is none is this device's", () => {
  expect(zoneOr("Asia/Kolkata")).toBe("Asia/Kolkata");
  expect([zoneOr("Atlantis/Main"), zoneOr(undefined)]).toEqual([ownZone(), ownZone()]);
});
