import type { CalendarDate } from "@internationalized/date";
import { lazy, Suspense, useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { Loading } from "../ui/Page";

// Most weeks are reached by the arrows: the month is fetched by whoever opens it.
const Month = lazy(() => import("./Month"));

interface MonthProps {
  day: CalendarDate;
  zone: string;
  onDay(day: CalendarDate): void;
}

/** Opens a month to choose a day from. */
export function MonthButton({ day, zone, onDay }: MonthProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button>{m.choose_day()}</Button>
      <Popover className="rounded-cut border border-edge bg-plate p-4 shadow-lg">
        <Dialog aria-label={m.choose_day()} className="outline-none">
          <Suspense fallback={<Loading rows={4} />}>
            <Month
              {...{ day, zone }}
              onDay={(next) => {
                setOpen(false);
                onDay(next);
              }}
            />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
