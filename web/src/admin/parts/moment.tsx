import { dayAndClock, ownZone } from "../../lib/time";
import { getLocale } from "../../paraglide/runtime";

/** An instant, in the zone of whoever looks. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at} className="whitespace-nowrap">{said(at)}</time>;
}

/** The same within a sentence; another year than this one is told. */
export function said(at: string): string {
  const year = new Date(at).getFullYear();
  const text = dayAndClock(at, ownZone(), getLocale());
  return year === new Date().getFullYear() ? text : `${text} (${year})`;
}

/** A stretch of time in the two largest units: `2 d 3 h`. */
export function stretch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "< 1 min";
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ");
}

/** How long after one instant another came; below a minute in seconds. */
export function passed(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds >= 60) return stretch(seconds);
  return seconds < 1 ? "< 1 s" : `${Math.round(seconds)} s`;
}

/** What a field of kind `datetime-local` holds, as an instant; nothing where it is empty. */
export function instantOf(local: string): string | undefined {
  const at = new Date(local);
  return local && Number.isFinite(at.getTime()) ? at.toISOString() : undefined;
}

/** An instant as such a field holds it, in the zone of this device; empty where there is none. */
export function localOf(at: string | undefined): string {
  if (at === undefined) return "";
  const time = new Date(at);
  const pad = (part: number) => String(part).padStart(2, "0");
  const day = [String(time.getFullYear()), pad(time.getMonth() + 1), pad(time.getDate())].join("-");
  return `${day}T${pad(time.getHours())}:${pad(time.getMinutes())}`;
}
