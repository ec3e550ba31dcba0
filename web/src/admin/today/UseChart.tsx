import { useQuery } from "@tanstack/react-query";
import { m } from "../../paraglide/messages";
import { Bars } from "../../ui/Bars";
import { Fault } from "../parts/FormDialog";
import { readReservations, usePlaces } from "../parts/places";
import { usedMinutes } from "./minutes";

const WEEK = 7 * 86_400_000;

/** Hours that were reserved in the seven days behind us, by machine and host. */
export function Use() {
  const places = usePlaces();
  const use = useQuery({
    queryKey: ["use", places.data?.map((place) => place.id)],
    enabled: places.data !== undefined,
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const span = { from: new Date(now - WEEK).toISOString(), to: new Date(now).toISOString() };
      const read = async (place: { id: string; name: string }) => {
        const minutes = usedMinutes(await readReservations(place.id, span, signal));
        return { name: place.name, value: minutes, text: m.admin_hours({ count: (minutes / 60).toFixed(1) }) };
      };
      return Promise.all((places.data ?? []).map(read));
    },
  });
  if (use.error) return <Fault error={use.error} onRetry={() => void use.refetch()} />;
  return use.data ? <Bars title={m.admin_use()} unit={m.admin_hours_unit()} bars={use.data} /> : null;
}
