import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { dayOf, ownZone, range, startOfDay } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { getLocale } from "../../paraglide/runtime";
import { Fault } from "../parts/FormDialog";
import { Empty, Loading } from "../../ui/Page";
import { useNames } from "../parts/people";
import { type Place, readReservations, usePlaces } from "../parts/places";

type Reservation = Schemas["Reservation"];

/** Machines and hosts down, the hours of the day across. */
export function Board() {
  const places = usePlaces();
  if (places.isPending) return <Loading rows={4} />;
  if (places.error) return <Fault error={places.error} onRetry={() => void places.refetch()} />;
  const open = places.data?.filter((place) => place.active) ?? [];
  if (open.length === 0) return <Empty text={m.machines_none()} />;
  return (
    <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
      {open.map((place) => <Line key={place.id} place={place} />)}
    </ul>
  );
}

function useDay(place: Place) {
  const zone = ownZone();
  const today = dayOf(new Date().toISOString(), zone);
  const [from, to] = [startOfDay(today, zone), startOfDay(today.add({ days: 1 }), zone)];
  const found = useQuery({
    queryKey: ["board", place.id, from],
    queryFn: ({ signal }) => readReservations(place.id, { from, to }, signal),
  });
  return { ...found, from, to };
}

function Line({ place }: { place: Place }) {
  const { data, error, refetch, from, to } = useDay(place);
  const standing = data?.filter((one) => one.status !== "cancelled" && one.status !== "failed") ?? [];
  return (
    <li className="grid gap-3 bg-plate p-4 sm:grid-cols-[11rem_1fr] sm:items-start">
      <h3 className="font-semibold">{place.name}</h3>
      <div className="grid gap-2">
        <Day items={standing} from={from} to={to} />
        {error && <Fault error={error} onRetry={() => void refetch()} />}
        {data && standing.length === 0 && <p className="text-note text-soft">{m.admin_nothing_today()}</p>}
        <ul className="flex flex-wrap gap-x-6 gap-y-1">
          {standing.map((one) => <Comes key={one.id} one={one} />)}
        </ul>
      </div>
    </li>
  );
}

function Comes({ one }: { one: Reservation }) {
  const nameOf = useNames();
  return (
    <li className="figures">
      <Link to="/reservations/$reservationId" params={{ reservationId: one.id }} search={{}} className="underline decoration-edge underline-offset-4">
        {range(one.start, one.end, ownZone(), getLocale())}
      </Link>{" "}
      {nameOf(one.userId)}
    </li>
  );
}

/** The day as a bar, with what is taken and where the clock stands; the list beside it says the same. */
function Day({ items, from, to }: { items: Reservation[]; from: string; to: string }) {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const place = (instant: string) => (1000 * (Math.max(begin, Math.min(end, Date.parse(instant))) - begin)) / (end - begin);
  const now = place(new Date().toISOString());
  return (
    <svg viewBox="0 0 1000 22" preserveAspectRatio="none" aria-hidden="true" className="h-5.5 w-full rounded-[1px] bg-well">
      {[250, 500, 750].map((at) => <rect key={at} x={at} width="1.5" height="22" className="fill-line" />)}
      {items.map((one) => (
        <rect
          key={one.id}
          x={place(one.start)}
          width={Math.max(4, place(one.end) - place(one.start))}
          y="3"
          height="16"
          className={one.status === "awaiting" ? "fill-wait" : "fill-enamel"}
        />
      ))}
      <rect x={now} width="3" height="22" className="fill-lamp" />
    </svg>
  );
}
