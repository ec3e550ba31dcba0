import { getRouteApi } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { CalendarWays } from "../app/CalendarWays";
import { actorName, causeName } from "../app/cause";
import { MoveOrCancel } from "../app/MoveOrCancel";
import { usePlace } from "../app/place";
import { isUnsettled, StatusBadge } from "../app/status";
import { dayAndClock, longDay, offsetName, ownZone, range, span } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Loading, LoadingPage, Page, Plate, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useSecondsTo } from "../ui/seconds";

type One = Schemas["Reservation"];
type Links = Schemas["CalendarLinks"];
type TermsOf = Schemas["HolderTerms"];
const route = getRouteApi("/inside/reservations/$reservationId");
const LOOK_AGAIN_MS = 3000;

export default function Reservation() {
  const { reservationId } = route.useParams();
  const params = { path: { reservationId } };
  const answer = $api.useQuery("get", "/api/reservations/{reservationId}", { params }, {
    refetchInterval: (query) => {
      const status = query.state.data?.reservation.status;
      return status && isUnsettled(status) ? LOOK_AGAIN_MS : false;
    },
  });
  if (answer.isPending) return <LoadingPage />;
  if (answer.error) {
    return <Page title={m.reservation()}><ProblemNotice error={answer.error} onRetry={() => void answer.refetch()} /></Page>;
  }
  const { reservation, calendarLinks, terms } = answer.data;
  return <Known one={reservation} links={calendarLinks} terms={terms} />;
}

function Known({ one, links, terms }: { one: One; links: Links | undefined; terms: TermsOf | undefined }) {
  return (
    <Page title={one.resource.name} over={m.reservation()} aside={<StatusBadge status={one.status} />}>
      <News one={one} />
      <Times one={one} />
      {terms && <Terms terms={terms} />}
      <MoveOrCancel one={one} />
      {links && <Calendars links={links} />}
      <History id={one.id} />
    </Page>
  );
}

/** What just happened, or is happening. */
function News({ one }: { one: One }) {
  const { from } = route.useSearch();
  const text = newsOf(one, from);
  return (
    <div>
      <div role="status">
        {text && <p className="rounded-cut border-s-3 border-lamp bg-plate p-4 text-lead font-semibold">{text}</p>}
      </div>
      {one.status === "awaiting" && one.awaiting && <HoldLeft until={one.awaiting.holdUntil} />}
    </div>
  );
}

/** How long the time is still held; a figure that changes is no news to readers. */
function HoldLeft({ until }: { until: string }) {
  const left = useSecondsTo(Date.parse(until));
  return (
    <p aria-live="off" className="figures px-4 pt-2 font-semibold text-wait">
      {left > 0 ? m.hold_left({ time: span(left) }) : m.hold_over()}
    </p>
  );
}

function newsOf(one: One, from: string | undefined): string | undefined {
  if (one.status === "awaiting" && one.awaiting) {
    return m.awaiting_text({ time: dayAndClock(one.awaiting.holdUntil, ownZone(), getLocale()) });
  }
  if (isUnsettled(one.status)) return m.unsettled_text();
  if (one.status === "failed") return m.failed_text();
  if (one.status !== "confirmed") return undefined;
  if (from === "reserve") return m.reserved_text();
  return from === "move" ? m.moved_text() : undefined;
}

function Times({ one }: { one: One }) {
  const locale = getLocale();
  const own = ownZone();
  const zone = usePlace(one.resource.id).data?.timeZone;
  const there = one.resource.kind === "host" ? m.at_host : m.at_machine;
  return (
    <Plate>
      <p className="figures text-title font-semibold tracking-tight">{longDay(one.start, own, locale)}</p>
      <p className="figures text-head font-bold tracking-tight">
        {range(one.start, one.end, own, locale)}{" "}
        <span className="text-note font-semibold tracking-normal text-soft">{offsetName(one.start, own)}</span>
      </p>
      {zone && zone !== own && (
        <p className="figures mt-2 text-soft">
          {there({ time: `${longDay(one.start, zone, locale)}, ${range(one.start, one.end, zone, locale)} (${zone})` })}
        </p>
      )}
      {one.cause && <p className="mt-3">{causeName(one.cause)}</p>}
      {one.causeReason && <p className="mt-3">{m.cause_said({ words: one.causeReason })}</p>}
      {one.flags?.map((flag) => <p key={flag.code} className="mt-3 font-semibold text-wait">{m.flagged()}</p>)}
    </Plate>
  );
}

/** Until when it may be moved and given back, and from when that is late. */
function Terms({ terms }: { terms: TermsOf }) {
  const said = (at: string) => ({ time: dayAndClock(at, ownZone(), getLocale()) });
  const isOver = (at: string) => Date.parse(at) < Date.now();
  const { changeUntil, cancelUntil, lateFrom } = terms;
  return (
    <ul aria-label={m.terms()} className="grid gap-1 border-s-3 border-line ps-4">
      <li>{isOver(cancelUntil) ? m.terms_cancel_over() : m.terms_cancel(said(cancelUntil))}</li>
      {lateFrom && !isOver(cancelUntil) && <li>{isOver(lateFrom) ? m.terms_late_now() : m.terms_late(said(lateFrom))}</li>}
      <li>{isOver(changeUntil) ? m.terms_change_over() : m.terms_change(said(changeUntil))}</li>
    </ul>
  );
}

/** Ways into a calendar of the person's own. */
function Calendars({ links }: { links: Links }) {
  return (
    <Section title={m.to_calendar()}>
      <CalendarWays links={links} />
    </Section>
  );
}

function History({ id }: { id: string }) {
  const params = { path: { reservationId: id } };
  const history = $api.useQuery("get", "/api/reservations/{reservationId}/history", { params });
  return (
    <Section title={m.history()}>
      {history.isPending && <Loading rows={2} />}
      {history.error && <ProblemNotice error={history.error} onRetry={() => void history.refetch()} />}
      <ol className="grid gap-3 border-s-2 border-line ps-5">
        {history.data?.items.map((event) => <Happened key={`${event.at}${event.to}`} event={event} />)}
      </ol>
    </Section>
  );
}

function Happened({ event }: { event: Schemas["HistoryEvent"] }) {
  const locale = getLocale();
  const zone = ownZone();
  return (
    <li className="flex flex-wrap items-baseline gap-x-5">
      <time dateTime={event.at} className="text-note text-soft">{dayAndClock(event.at, zone, locale)}</time>
      <StatusBadge status={event.to} />
      <span className="figures text-note">{dayAndClock(event.start, zone, locale)}</span>
      <span className="text-note text-soft">{actorName(event.actor.kind)}</span>
    </li>
  );
}
