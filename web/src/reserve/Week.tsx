import type { CalendarDate } from "@internationalized/date";
import { useSyncExternalStore } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { clock, dayOf, shortDay } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { type Column, type Line, lines, type Slot } from "./grid";

interface WeekProps {
  days: Column[];
  day: CalendarDate;
  zone: string;
  slot: Slot | undefined;
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

/** Closed times can be chosen, too: choosing one tells why it is closed. What is only marked cannot. */
function Slots({ column, zone, slot, onSlot, isRoomy = false }: SlotsProps) {
  const locale = getLocale();
  const all = lines(column);
  if (all.length === 0) {
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
      {all.map((line) => <Time key={line.start} line={line} zone={zone} isRoomy={isRoomy} />)}
    </ListBox>
  );
}

function Time({ line, zone, isRoomy }: { line: Line; zone: string; isRoomy: boolean }) {
  const { start, slot, mark } = line;
  const text = clock(start, zone, getLocale());
  const isLost = mark === "lost";
  const isOpen = slot?.bookable && !isLost;
  const note = noteOf(line);
  return (
    <ListBoxItem
      id={start}
      textValue={note ? `${text} ${note}` : text}
      isDisabled={!slot || isLost}
      className={classes(
        "figures cursor-pointer rounded-[2px] border border-transparent text-center text-note font-semibold data-[disabled]:cursor-default",
        isRoomy ? "py-3" : "py-[5px]",
        isOpen ? "hover:border-edge data-[selected]:bg-enamel data-[selected]:text-on-enamel" : mark !== "moved" && "hatched text-soft",
        isLost && "line-through",
        mark === "moved" && "border-lamp! bg-well",
        !isOpen && "data-[selected]:border-ink data-[selected]:text-ink",
      )}
    >
      {text}
      {note && <span className={mark === "moved" ? "block text-soft" : "sr-only"}> {note}</span>}
    </ListBoxItem>
  );
}

/** What is said of a line beside its time. */
function noteOf({ slot, mark }: Line): string | undefined {
  if (mark === "moved") return m.slot_moved();
  if (mark === "lost") return m.slot_lost();
  return slot?.bookable ? undefined : m.closed_for_you();
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
