import type { Schemas } from "../api/client";
import { dialect } from "../lib/dialect";
import { getLocale } from "../paraglide/runtime";

export type Week = Schemas["PolicyOpeningHours"];
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

/** The hours of a week, days that are alike together: `Monday–Friday 09:00–21:00`. */
export function stretches(week: Week): { days: string; hours: string }[] {
  const texts = DAYS.map((day) => (week[day] ?? []).map((part) => `${clock(part.opens)}–${clock(part.closes)}`).join(", "));
  const told: { days: string; hours: string }[] = [];
  for (let first = 0; first < DAYS.length; ) {
    let last = first;
    while (last + 1 < DAYS.length && texts[last + 1] === texts[first]) last += 1;
    const text = texts[first];
    if (text) told.push({ days: span(first, last), hours: text });
    first = last + 1;
  }
  return told;
}

/** What a clock shows, without its seconds. */
export const clock = (time: string): string => time.slice(0, 5);

/** A day of the week, in the language of the page; the first of January 2024 was a Monday. */
export function dayName(day: Day): string {
  return new Intl.DateTimeFormat(dialect(getLocale()), { weekday: "long", timeZone: "UTC" })
    .format(new Date(Date.UTC(2024, 0, 1 + DAYS.indexOf(day))));
}

function span(first: number, last: number): string {
  const [from, to] = [first, last].map((at) => dayName(DAYS[at] ?? "monday"));
  return first === last ? `${from}` : `${from}–${to}`;
}
