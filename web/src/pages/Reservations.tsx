import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { CalendarsAsked } from "../app/CalendarWays";
import { causeName } from "../app/cause";
import { MoveOrCancel } from "../app/MoveOrCancel";
import { isEnded, StatusBadge } from "../app/status";
import { longDay, ownZone, range } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Badge } from "../ui/Guards";
import { Empty, Loading, Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

type Reservation = Schemas["Reservation"];
type View = "upcoming" | "past" | "cancelled";
const route = getRouteApi("/inside/reservations");
const DAY = 86_400_000;

export default function Reservations() {
  const { view: wanted } = route.useSearch();
  const view: View = wanted === "past" || wanted === "cancelled" ? wanted : "upcoming";
  const list = useReservations(view);
  return (
    <Page
      title={m.nav_reservations()}
      aside={
        <div className="flex flex-wrap gap-3">
          <ButtonLink to="/account" look="bare">{m.feed_subscribe()}</ButtonLink>
          <ButtonLink to="/machines" search={{}}>{m.find_a_machine()}</ButtonLink>
        </div>
      }
    >
      <Views view={view} />
      {list.isPending && <Loading />}
      {list.error && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && !list.hasNextPage && <Nothing view={view} />}
      {list.data && <Days items={list.data} />}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>{m.more()}</Button>
      )}
    </Page>
  );
}

function Views({ view }: { view: View }) {
  const views = { upcoming: m.upcoming, past: m.past, cancelled: m.cancelled };
  return (
    <nav aria-label={m.views()}>
      <ul className="flex gap-6 border-b border-line">
        {Object.entries(views).map(([name, title]) => (
          <li key={name}>
            <Link
              to="/reservations"
              search={{ view: name }}
              aria-current={name === view ? "page" : undefined}
              className="-mb-px flex min-h-11 items-center border-b-3 border-transparent font-semibold text-soft hover:text-ink aria-[current=page]:border-enamel aria-[current=page]:text-ink"
            >
              {title()}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What has begun and not ended is still ahead; the list is by start, so a day before now is asked for. */
function useReservations(view: View) {
  const span = useMemo(() => {
    const now = Date.now();
    if (view === "upcoming") return { from: new Date(now - DAY).toISOString(), sort: "start" } as const;
    if (view === "past") return { to: new Date(now).toISOString(), sort: "-start" } as const;
    return { sort: "-start" } as const;
  }, [view]);
  const list = usePages<Reservation>(["reservations", span], (cursor, signal) =>
    api.GET("/api/reservations", { params: { query: { ...span, ...cursor } }, signal }));
  return { ...list, data: list.data?.filter((one) => belongs(one, view)) };
}

function belongs(one: Reservation, view: View): boolean {
  const isCancelled = one.status === "cancelled" || one.status === "failed";
  if (view === "cancelled") return isCancelled;
  const isOver = isEnded(one.status) || Date.parse(one.end) <= Date.now();
  return !isCancelled && (view === "past") === isOver;
}

function Nothing({ view }: { view: View }) {
  const text = view === "upcoming" ? m.reservations_none() : m.reservations_none_here();
  return (
    <Empty text={text}>
      {view === "upcoming" && <ButtonLink to="/machines" search={{}} look="main">{m.find_a_machine()}</ButtonLink>}
    </Empty>
  );
}

function Days({ items }: { items: Reservation[] }) {
  const zone = ownZone();
  const days = Map.groupBy(items, (one) => longDay(one.start, zone, getLocale()));
  return (
    <div className="grid gap-7">
      {[...days].map(([day, list]) => (
        <section key={day} className="grid gap-2 sm:grid-cols-[12rem_1fr]">
          <h2 className="pt-1 font-semibold text-soft sm:pt-4">{day}</h2>
          <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
            {list.map((one) => <Row key={one.id} one={one} zone={zone} />)}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** What is confirmed and not over is worth a place in a calendar. */
function isAhead({ status, end }: Reservation): boolean {
  return status === "confirmed" && Date.parse(end) > Date.now();
}

function Row({ one, zone }: { one: Reservation; zone: string }) {
  const time = range(one.start, one.end, zone, getLocale());
  const about = `${one.resource.name}, ${time}`;
  return (
    <li className="relative flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 bg-plate p-4 hover:bg-well">
      <Link
        to="/reservations/$reservationId"
        params={{ reservationId: one.id }}
        search={{}}
        className="flex flex-wrap items-baseline gap-x-5 after:absolute after:inset-0"
      >
        <span className="figures text-lead font-semibold">{time}</span>
        <span>{one.resource.name}</span>
      </Link>
      <span className="flex flex-wrap gap-x-5">
        {one.flags && one.flags.length > 0 && <Badge tone="wait">{m.needs_attention()}</Badge>}
        <StatusBadge status={one.status} />
        {one.cause && <span className="text-note text-soft">{causeName(one.cause)}</span>}
      </span>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <MoveOrCancel one={one} about={about} />
        {isAhead(one) && <CalendarsAsked reservationId={one.id} about={about} />}
      </div>
    </li>
  );
}
