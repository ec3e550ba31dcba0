import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { Schemas } from "../api/client";
import { pageOf, reserveOf } from "../app/place";
import { meQuery } from "../app/session";
import { VerdictBadge } from "../app/VerdictBadge";
import { useSeen } from "../lib/seen";
import { dayAndClock } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { ButtonLink } from "../ui/ButtonLink";
import { Badge, Guards } from "../ui/Guards";
import { nextFree, outagesOf, REACH, running } from "./news";

type Summary = Schemas["ResourceSummary"];

interface CardProps {
  machine: Summary;
  /** Zone of the times on it, where another than this device's is chosen. */
  chosen: string | undefined;
  zone: string;
}

/** Whether a reservation of it is open to the person. */
export function isOpen(machine: Summary): boolean {
  return machine.active && machine.eligibility.verdict !== "refuse";
}

/** A machine or host in short, with the way on. */
export function Card({ machine, chosen, zone }: CardProps) {
  const place = useRef<HTMLLIElement>(null);
  const isSeen = useSeen(place);
  const isReady = isOpen(machine);
  return (
    <li ref={place} className="group relative grid content-between gap-8 rounded-cut border border-line bg-plate p-5 transition-colors hover:border-edge">
      <div className="grid gap-1.5">
        <p className="text-note font-semibold tracking-wide text-soft">{machine.category}</p>
        <h2 className="text-title font-semibold tracking-tight">
          <Link {...pageOf(machine.id)} className="after:absolute after:inset-0">
            {machine.name}
          </Link>
        </h2>
        {isReady && <NextFree machineId={machine.id} zone={zone} isSeen={isSeen} />}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="grid gap-1.5">
          <MachineBadge machine={machine} zone={zone} isSeen={isSeen} />
          {machine.active && <Guards open={isReady ? 0 : machine.eligibility.unmetCount} />}
        </div>
        {isReady ? (
          <ButtonLink
            {...reserveOf(machine.id)}
            search={chosen ? { zone: chosen } : {}}
            look="main"
            className="relative"
            aria-label={m.reserve_named({ name: machine.name })}
          >
            {m.reserve()}
          </ButtonLink>
        ) : machine.active && (
          <ButtonLink {...pageOf(machine.id)} className="relative" aria-label={m.see_steps_named({ name: machine.name })}>
            {m.see_steps()}
          </ButtonLink>
        )}
      </div>
    </li>
  );
}

interface TellProps {
  zone: string;
  /** Nothing is asked for what nobody looks at. */
  isSeen: boolean;
}

/** The first time the person may have; the line keeps its height while it is looked up. */
function NextFree({ machineId, zone, isSeen }: TellProps & { machineId: string }) {
  const { data, isError } = useQuery({ ...nextFree(machineId), enabled: isSeen });
  const words = () => {
    if (isError) return m.card_unknown();
    if (data === null) return m.card_none({ days: REACH });
    return data ? m.card_next({ time: dayAndClock(data, zone, getLocale()) }) : "…";
  };
  return <p className="figures text-note text-soft">{words()}</p>;
}

function MachineBadge({ machine, zone, isSeen }: TellProps & { machine: Summary }) {
  const { verdict, unmetCount } = machine.eligibility;
  const { data: me } = useQuery(meQuery);
  // Whatever is out of order is refused to everybody, so nothing else is asked.
  const isRefused = machine.active && verdict === "refuse";
  const { data: outages } = useQuery({ ...outagesOf(machine.id), enabled: isSeen && isRefused });
  const outage = running(outages ?? [], Date.now());
  if (!machine.active) return <Badge tone="quiet">{m.badge_inactive()}</Badge>;
  if (me?.status === "suspended") return <Badge tone="stop">{m.badge_suspended()}</Badge>;
  if (outage) {
    const { endsAt } = outage;
    return (
      <Badge tone="stop">
        {endsAt ? m.card_out_until({ time: dayAndClock(endsAt, zone, getLocale()) }) : m.card_out()}
      </Badge>
    );
  }
  return <VerdictBadge verdict={verdict} count={unmetCount} />;
}
