import type { CalendarDate } from "@internationalized/date";
import type { Schemas } from "../api/client";
import { dayOf } from "../lib/time";

export type Slot = Schemas["Slot"];

/** A time that cannot be chosen and is shown all the same: the one to be moved, or one that was lost just now. */
export interface Mark {
  start: string;
  kind: "moved" | "lost";
}

/** A day of the grid with its slots, by start, and what else is shown between them. */
export interface Column {
  day: CalendarDate;
  slots: Slot[];
  marks: Mark[];
}

/** The seven days from `monday`, each with the slots and marks that start on it in `zone`. */
export function columns(
  monday: CalendarDate,
  slots: readonly Slot[],
  zone: string,
  marks: readonly Mark[] = [],
): Column[] {
  return Array.from({ length: 7 }, (_, at) => {
    const day = monday.add({ days: at });
    const isOn = ({ start }: { start: string }) => dayOf(start, zone).compare(day) === 0;
    return { day, slots: slots.filter(isOn), marks: marks.filter(isOn) };
  });
}

/** A line of a day: a slot, a mark, or a mark over a slot. */
export interface Line {
  start: string;
  slot?: Slot;
  mark?: Mark["kind"];
}

/** Slots and marks of a day by start; what stands at the same start is one line. */
export function lines({ slots, marks }: Pick<Column, "slots" | "marks">): Line[] {
  const all = new Map<number, Line>(slots.map((slot) => [Date.parse(slot.start), { start: slot.start, slot }]));
  for (const { start, kind } of marks) {
    const at = Date.parse(start);
    all.set(at, { start, ...all.get(at), mark: kind });
  }
  return [...all].toSorted(([left], [right]) => left - right).map(([, line]) => line);
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
