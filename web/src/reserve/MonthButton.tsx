import type { CalendarDate } from "@internationalized/date";
import { lazy, Suspense, useState } from "react";
import { Heading } from "react-aria-components";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { AppDialog } from "../ui/Dialog";
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
  const choose = (next: CalendarDate) => {
    setOpen(false);
    onDay(next);
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>{m.choose_day()}</Button>
      <AppDialog isOpen={isOpen} onOpenChange={setOpen}>
        <Heading slot="title" className="text-title font-semibold">{m.choose_day()}</Heading>
        <Suspense fallback={<Loading rows={4} />}>
          <Month {...{ day, zone }} onDay={choose} />
        </Suspense>
      </AppDialog>
    </>
  );
}
