import {
  type CalendarDate,
  DateFormatter,
  parseAbsolute,
  parseDate,
  startOfWeek,
  toCalendarDate,
  today,
  toZoned,
} from "@internationalized/date";
import { dialect } from "./dialect";
import { clockHours } from "./hours";

/** The civil day of an instant in a zone. */
export function dayOf(instant: string, zone: string): CalendarDate {
  return toCalendarDate(parseAbsolute(instant, zone));
}

/** First instant of a civil day in a zone, as RFC 3339 in UTC. */
export function startOfDay(day: CalendarDate, zone: string): string {
  return toZoned(day, zone).toAbsoluteString();
}

/** Monday of the week of `day`. */
export function mondayOf(day: CalendarDate): CalendarDate {
  return startOfWeek(day, "en-GB", "mon");
}

/** `text` as a day, or today in `zone` when it is none. */
export function dayOr(text: string | undefined, zone: string): CalendarDate {
  try {
    return text ? parseDate(text) : today(zone);
  } catch {
    return today(zone);
  }
}

/** Wall clock in a zone. An hour that the clocks repeat carries its offset. */
export function clock(instant: string, zone: string, locale: string): string {
  const at = parseAbsolute(instant, zone);
  const text = format(locale, { hour: "2-digit", minute: "2-digit", timeZone: zone }, instant);
  return isRepeated(at.toDate(), zone, at.offset) ? `${text} ${offsetName(instant, zone)}` : text;
}

/** A date as people say it. */
export function longDay(instant: string, zone: string, locale: string): string {
  const options = { weekday: "long", day: "numeric", month: "long", timeZone: zone } as const;
  return format(locale, options, instant);
}

/** A date in short, for columns. */
export function shortDay(day: CalendarDate, locale: string): string {
  const at = day.toDate("UTC").toISOString();
  return format(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }, at);
}

/** Day and clock together. */
export function dayAndClock(instant: string, zone: string, locale: string): string {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: zone } as const;
  return `${format(locale, options, instant)}, ${clock(instant, zone, locale)}`;
}

/** `14:30–15:30` in a zone. */
export function range(start: string, end: string, zone: string, locale: string): string {
  return `${clock(start, zone, locale)}–${clock(end, zone, locale)}`;
}

/** `GMT+5:30` of a zone at an instant. */
export function offsetName(instant: string, zone: string): string {
  const options = { timeZone: zone, timeZoneName: "shortOffset" } as const;
  const parts = new DateFormatter("en-GB", options).formatToParts(new Date(instant));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** Zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `text` as the name of a zone, or this device's when it is none. */
export function zoneOr(text: string | undefined): string {
  if (!text) return ownZone();
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return text;
  } catch {
    return ownZone();
  }
}

/** Every zone to choose from; `first` and this device's come first. */
export function zones(first: readonly string[]): { id: string; name: string }[] {
  const all = new Set([ownZone(), ...first, ...Intl.supportedValuesOf("timeZone")]);
  return [...all].map((id) => ({ id, name: id.replaceAll("_", " ") }));
}

/** `2:04:05` or `4:05` of seconds that are left. */
export function span(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = position(seconds % 3600);
  return hours > 0 ? `${hours}:${rest.padStart(5, "0")}` : rest;
}

/** `4:05` of seconds in a film. */
export function position(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function format(locale: string, options: Intl.DateTimeFormatOptions, instant: string): string {
  return new DateFormatter(withClock(dialect(locale)), options).format(new Date(instant));
}

/** The clock is the country's, unless this device says otherwise. */
function withClock(place: string): string {
  const hours = clockHours();
  return hours ? `${place}-u-hc-h${hours === "12" ? 12 : 23}` : place;
}

function isRepeated(at: Date, zone: string, offset: number): boolean {
  const wall = (moment: Date) =>
    new DateFormatter("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" })
      .format(moment);
  const away = [-1, 1].map((hours) => new Date(at.getTime() + hours * 3_600_000));
  return away.some((other) => {
    const shifted = parseAbsolute(other.toISOString(), zone).offset !== offset;
    return shifted && wall(other) === wall(at);
  });
}
