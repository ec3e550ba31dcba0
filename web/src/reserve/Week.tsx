import type { CalendarDate } from "@internationalized/date";
import { useSyncExternalStore } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { clock, dayOf, shortDay } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import type { Column, Slot } from "./grid";

interface WeekProps {
  days: Column[];
  day: CalendarDate;
  zone: string;
  slot: Slot | undefined;
  /** Starts that turned out to be taken. */
  taken: ReadonlySet<string>;
  onDay(day: CalendarDate): void;
  onSlot(slot: Slot): void;
}

/** Seven days beside each other where there is room, else one day with a strip of days above. */
export function Week(props: WeekProps) {
  return useIsWide() ? <Grid {...props} /> : <OneDay {...props} />;
}

function Grid({ days, ...rest }: WeekProps) {
  return (
    <div className="grid grid-cols-7 overflow-hidden rounded-cut border border-line bg-line gap-px">
      {days.map((column) => (
        <div key={column.day.toString()} className="grid content-start bg-plate">
          <h2 className="border-b border-line px-2 py-2.5 text-center text-note font-semibold">
            {shortDay(column.day, getLocale())}
          </h2>
          <Slots column={column} {...rest} />
        </div>
      ))}
    </div>
  );
}

function OneDay({ days, day, onDay, ...rest }: WeekProps) {
  const column = days.find((one) => one.day.compare(day) === 0) ?? days[0];
  if (!column) return null;
  return (
    <div className="grid gap-3">
      <ul className="grid grid-cols-7 gap-1">
        {days.map((one) => (
          <li key={one.day.toString()} className="grid">
            <DayButton column={one} isChosen={one === column} onPress={() => onDay(one.day)} />
          </li>
        ))}
      </ul>
      <h2 className="font-semibold">{shortDay(column.day, getLocale())}</h2>
      <div className="rounded-cut border border-line bg-plate">
        <Slots column={column} {...rest} isRoomy />
      </div>
    </div>
  );
}

function DayButton({ column, isChosen, onPress }: { column: Column; isChosen: boolean; onPress(): void }) {
  const free = column.slots.some((slot) => slot.bookable);
  const name = shortDay(column.day, getLocale());
  return (
    <Button
      look={isChosen ? "main" : "plain"}
      aria-label={free ? m.day_free({ day: name }) : m.day_closed({ day: name })}
      aria-pressed={isChosen}
      onPress={onPress}
      className="figures grid! min-h-14 gap-1! px-0!"
    >
      {column.day.day}
      <i aria-hidden="true" className={classes("h-1 w-5 rounded-[1px]", free ? "bg-go" : "bg-line", isChosen && "bg-lamp!")} />
    </Button>
  );
}

interface SlotsProps extends Omit<WeekProps, "days" | "day" | "onDay"> {
  column: Column;
  isRoomy?: boolean;
}

/** Closed times can be chosen, too: choosing one tells why it is closed. */
function Slots({ column, zone, slot, taken, onSlot, isRoomy }: SlotsProps) {
  const locale = getLocale();
  if (column.slots.length === 0) {
    return <p className="px-2 py-6 text-center text-note text-soft">{m.nothing_free()}</p>;
  }
  const chosen = slot && dayOf(slot.start, zone).compare(column.day) === 0 ? [slot.start] : [];
  return (
    <ListBox
      aria-label={m.times_on({ day: shortDay(column.day, locale) })}
      selectionMode="single"
      selectedKeys={chosen}
      onSelectionChange={(keys) => {
        const found = column.slots.find((one) => keys !== "all" && keys.has(one.start));
        if (found) onSlot(found);
      }}
      className={classes("grid p-1 outline-none", isRoomy && "grid-cols-2 gap-1 p-2")}
      layout={isRoomy ? "grid" : "stack"}
    >
      {column.slots.map((one) => {
        const isOpen = one.bookable && !taken.has(one.start);
        return (
          <ListBoxItem
            key={one.start}
            id={one.start}
            textValue={clock(one.start, zone, locale)}
            className={classes(
              "figures cursor-pointer rounded-[2px] border border-transparent text-center text-note font-semibold",
              isRoomy ? "py-3" : "py-[5px]",
              isOpen ? "hover:border-edge data-[selected]:bg-enamel data-[selected]:text-on-enamel" : "hatched text-soft",
              taken.has(one.start) && "line-through",
              !isOpen && "data-[selected]:border-ink data-[selected]:text-ink",
            )}
          >
            {clock(one.start, zone, locale)}
            {!isOpen && <span className="sr-only"> {m.closed_for_you()}</span>}
          </ListBoxItem>
        );
      })}
    </ListBox>
  );
}

const WIDE = "(min-width: 52rem)";

function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(WIDE);
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia(WIDE).matches,
  );
}
