import type { CalendarDate } from "@internationalized/date";
import type { Schemas } from "../api/client";
import { dayOf } from "../lib/time";

export type Slot = Schemas["Slot"];

/** A day of the grid with its slots, by start. */
export interface Column {
  day: CalendarDate;
  slots: Slot[];
}

/** The seven days from `monday`, each with the slots that start on it in `zone`. */
export function columns(monday: CalendarDate, slots: readonly Slot[], zone: string): Column[] {
  return Array.from({ length: 7 }, (_, at) => {
    const day = monday.add({ days: at });
    const own = slots.filter((slot) => dayOf(slot.start, zone).compare(day) === 0);
    return { day, slots: own };
  });
}

/** The `count` bookable slots that start nearest to `start`, by start. */
export function nearest(slots: readonly Slot[], start: string, count: number): Slot[] {
  const wanted = Date.parse(start);
  const away = (slot: Slot) => Math.abs(Date.parse(slot.start) - wanted);
  return slots
    .filter((slot) => slot.bookable && slot.start !== start)
    .toSorted((left, right) => away(left) - away(right))
    .slice(0, count)
    .toSorted((left, right) => left.start.localeCompare(right.start));
}
