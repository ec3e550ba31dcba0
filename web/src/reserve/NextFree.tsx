import type { CalendarDate } from "@internationalized/date";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client";
import { asProblem } from "../api/problem";
import { dayOf } from "../lib/time";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { titleOf } from "../ui/words";

/** As far as one question may reach, in days. */
const REACH = 31;

interface NextFreeProps {
  machineId: string;
  zone: string;
  type: number | undefined;
  onDay(day: CalendarDate): void;
}

/** Goes to the day of the first time that the person may reserve. */
export function NextFree({ machineId, zone, type, onDay }: NextFreeProps) {
  const find = useMutation({
    mutationFn: async () => {
      const now = Date.now();
      const query = {
        start: new Date(now).toISOString(),
        end: new Date(now + REACH * 86_400_000).toISOString(),
        timeZone: zone,
        ...(type === undefined ? {} : { eventTypeId: type }),
      };
      const params = { path: { machineId }, query };
      return (await api.GET("/api/machines/{machineId}/availability", { params })).data?.nearestBookable;
    },
    onSuccess: (start) => start && onDay(dayOf(start, zone)),
  });
  const words = () => {
    if (find.error) return titleOf(asProblem(find.error));
    return find.isSuccess && !find.data ? m.next_free_none({ days: REACH }) : "";
  };
  return (
    <>
      <Button onPress={() => find.mutate()} isPending={find.isPending}>{m.next_free()}</Button>
      <p role="status" className="text-note font-semibold text-wait empty:hidden">{words()}</p>
    </>
  );
}
