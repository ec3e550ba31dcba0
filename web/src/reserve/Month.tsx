import { type CalendarDate, today } from "@internationalized/date";
import { Calendar, CalendarCell, CalendarGrid, Heading } from "react-aria-components";
import { lookOf } from "../ui/looks";
import { Button } from "../ui/Button";

interface MonthProps {
  day: CalendarDate;
  zone: string;
  onDay(day: CalendarDate): void;
}

/** The days of a month; what is past in the zone cannot be chosen. */
export default function Month({ day, zone, onDay }: MonthProps) {
  const first = today(zone);
  return (
    <Calendar
      autoFocus
      firstDayOfWeek="mon"
      minValue={first}
      value={day.compare(first) < 0 ? first : day}
      onChange={onDay}
    >
      <header className="flex items-center justify-between gap-3 pb-3">
        <Button slot="previous" className="w-11 px-0"><span className="rtl:-scale-x-100">←</span></Button>
        <Heading className="font-semibold" />
        <Button slot="next" className="w-11 px-0"><span className="rtl:-scale-x-100">→</span></Button>
      </header>
      <CalendarGrid className="figures w-full text-center [&_th]:text-note [&_th]:font-semibold [&_th]:text-soft">
        {(date) => (
          <CalendarCell
            date={date}
            className={lookOf({
              look: "bare",
              className:
                "mx-auto flex! size-11 p-0! no-underline! data-[hovered]:bg-well data-[outside-month]:hidden " +
                "data-[selected]:bg-enamel data-[selected]:text-on-enamel data-[unavailable]:opacity-55",
            })}
          />
        )}
      </CalendarGrid>
    </Calendar>
  );
}
