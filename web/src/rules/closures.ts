import { parseDate } from "@internationalized/date";
import type { Schemas } from "../api/client";
import { dayAndClock, shortDay } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { joined } from "./phrases";

export type Closure = Schemas["PolicyClosure"];

/** A closure with what members are told of it; its instants in `zone`, its days as they are. */
export function closure(one: Closure, zone: string): string {
  return joined(m.rule_closed({ span: spanOf(one, zone) }), [one.note ?? undefined]);
}

function spanOf(one: Closure, zone: string): string {
  const locale = getLocale();
  if ("start" in one) return `${dayAndClock(one.start, zone, locale)} – ${dayAndClock(one.end, zone, locale)}`;
  const [from, to] = [one.from, one.to].map((day) => shortDay(parseDate(day), locale));
  return one.from === one.to ? `${from}` : `${from} – ${to}`;
}
