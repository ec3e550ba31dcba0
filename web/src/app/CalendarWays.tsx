import { useState } from "react";
import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { Loading } from "../ui/Page";
import { lookOf } from "../ui/looks";
import { ProblemNotice } from "../ui/ProblemNotice";

interface WaysProps {
  links: Schemas["CalendarLinks"];
  /** Tells them from others on the page. */
  about?: string;
}

const PLAIN = lookOf({});
const SMALL = lookOf({ className: "relative min-h-9! px-3! py-1!" });

/** Ways into a calendar of the person's own. */
export function CalendarWays({ links, about }: WaysProps) {
  const look = about ? SMALL : PLAIN;
  const named = (word: string) => (about ? { "aria-label": `${word}: ${about}` } : {});
  return (
    <div className="flex flex-wrap gap-3">
      <a href={links.ics} download="interlock.ics" className={look} {...named(m.calendar_file())}>{m.calendar_file()}</a>
      <a href={links.google} target="_blank" rel="noreferrer" className={look} {...named("Google")}>Google</a>
      <a href={links.outlook} target="_blank" rel="noreferrer" className={look} {...named("Outlook")}>Outlook</a>
    </div>
  );
}

/** The same in a list, where each reservation is asked for its ways only once somebody wants them. */
export function CalendarsAsked({ reservationId, about }: { reservationId: string; about: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        look="bare"
        className="relative min-h-9! px-0! py-1!"
        aria-expanded={isOpen}
        aria-label={`${m.to_calendar()}: ${about}`}
        onPress={() => setOpen(!isOpen)}
      >
        {m.to_calendar()}
      </Button>
      {isOpen && <div className="relative basis-full"><Asked reservationId={reservationId} about={about} /></div>}
    </>
  );
}

function Asked({ reservationId, about }: { reservationId: string; about: string }) {
  const params = { path: { reservationId } };
  const found = $api.useQuery("get", "/api/reservations/{reservationId}", { params }, { staleTime: 60_000 });
  if (found.isPending) return <Loading rows={1} />;
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  const { calendarLinks } = found.data;
  return calendarLinks ? <CalendarWays links={calendarLinks} about={about} /> : <p role="status">{m.calendar_none()}</p>;
}
