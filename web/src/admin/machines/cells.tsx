import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { asProblem } from "../../api/problem";
import { usePlace } from "../../app/place";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { Badge } from "../../ui/Guards";
import { said } from "../parts/moment";
import { type Place, readReservations } from "../parts/places";
import { useRuleNames, useStanding } from "../rules/policy";
import { proof } from "../rules/sentences";
import { EditDialog } from "./EditDialog";
import { EndOutageDialog } from "./EndOutageDialog";
import { MappingDialog } from "./MappingDialog";
import { OutageDialog } from "./OutageDialog";

const WEEK = 7 * 86_400_000;

export function Name({ place }: { place: Place }) {
  return (
    <>
      {place.name}
      <span className="block text-note font-normal text-soft">{place.category}</span>
    </>
  );
}

/** Whether it can be reserved, and what stands against it. */
export function State({ place }: { place: Place }) {
  const machine = usePlace(place.id);
  const mapping = useIsBroken(place.id);
  const outages = machine.data?.outages ?? [];
  return (
    <div className="grid gap-1">
      {!place.active ? (
        <Badge tone="quiet">{m.badge_inactive()}</Badge>
      ) : (
        outages.length === 0 && <Badge tone="go">{m.admin_in_use()}</Badge>
      )}
      {outages.map((outage) => <OutageLine key={outage.id} outage={outage} />)}
      {mapping && <Badge tone="stop">{m.admin_mapping_broken()}</Badge>}
      {machine.data && !mapping && (
        <span className="text-note text-soft">{m.admin_kinds({ count: machine.data.eventTypes.length })}</span>
      )}
      {machine.error && <span role="alert" className="text-note text-stop">{m.problem_unreadable()}</span>}
    </div>
  );
}

function OutageLine({ outage }: { outage: Schemas["MachineOutage"] }) {
  return (
    <div>
      <Badge tone="stop">
        {outage.endsAt ? m.admin_out_until({ time: said(outage.endsAt) }) : m.admin_out_from({ time: said(outage.startsAt) })}
      </Badge>
      <span className="block text-note">{outage.reason}</span>
    </div>
  );
}

/** The gate says to everybody that the kinds at Cal.com are not what they were. */
function useIsBroken(machineId: string): boolean {
  const { data } = $api.useQuery("get", "/api/machines/{machineId}/eligibility", { params: { path: { machineId } } });
  return data?.reasons.some((reason) => reason.code === "machine_mapping_broken") ?? false;
}

/** Reservations of the next seven days. */
export function Ahead({ place }: { place: Place }) {
  const { data } = useQuery({
    queryKey: ["ahead", place.id],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const span = { from: new Date(now).toISOString(), to: new Date(now + WEEK).toISOString() };
      return readReservations(place.id, span, signal);
    },
  });
  const standing = data?.filter((one) => one.status !== "cancelled" && one.status !== "failed");
  return <>{standing?.length ?? "…"}</>;
}

/** How many proofs are told; the page of the rules tells all. */
const MOST = 3;

/** What a person must have for it, in the sentences of its rules. */
export function Asked({ place }: { place: Place }) {
  const standing = useStanding(place.id);
  const names = useRuleNames();
  if (standing.isPending) return <>…</>;
  if (standing.error) {
    // A manager of other machines may not read these rules, and that is as it should be.
    const isOthers = asProblem(standing.error).code === "role_required";
    return isOthers
      ? <span className="text-note text-soft">{m.admin_not_in_charge()}</span>
      : <span role="alert" className="text-note text-stop">{m.problem_unreadable()}</span>;
  }
  const { requirements } = standing.data.overview.inForce.policy;
  if (requirements.length === 0) return <span className="text-soft">{m.admin_asked_nothing()}</span>;
  return (
    <ul className="grid min-w-56 gap-1 text-note">
      {requirements.slice(0, MOST).map((one, at) => <li key={at}>{proof(one, names)}</li>)}
      {requirements.length > MOST && <li className="text-soft">{m.admin_asked_more({ count: requirements.length - MOST })}</li>}
    </ul>
  );
}

type Open = "outage" | "end" | "edit" | "mapping";

export function Acts({ place, isAdmin }: { place: Place; isAdmin: boolean }) {
  const [open, setOpen] = useState<Open>();
  const machine = usePlace(place.id);
  const [outage] = machine.data?.outages ?? [];
  const close = () => setOpen(undefined);
  return (
    <div className="flex flex-wrap gap-2">
      <ButtonLink
        to="/admin/machines/$machineId/rules"
        params={{ machineId: place.id }}
        search={{}}
        className="min-h-9! px-3! py-1!"
        aria-label={m.admin_rules_of({ name: place.name })}
      >
        {m.admin_rules()}
      </ButtonLink>
      <Small name={m.admin_edit()} of={place.name} onPress={() => setOpen("edit")} />
      <Small name={m.admin_mapping()} of={place.name} onPress={() => setOpen("mapping")} />
      {outage && <Small name={m.admin_outage_end()} of={place.name} onPress={() => setOpen("end")} />}
      {!outage && <Small name={m.admin_outage()} of={place.name} onPress={() => setOpen("outage")} />}
      {open === "outage" && <OutageDialog place={place} onClose={close} />}
      {open === "end" && outage && <EndOutageDialog place={place} outage={outage} onClose={close} />}
      {open === "mapping" && machine.data && <MappingDialog machine={machine.data} onClose={close} />}
      {open === "edit" && machine.data && <EditDialog machine={machine.data} isAdmin={isAdmin} onClose={close} />}
    </div>
  );
}

function Small({ name, of, onPress }: { name: string; of: string; onPress(): void }) {
  return <Button className="min-h-9! px-3! py-1!" aria-label={`${name}: ${of}`} onPress={onPress}>{name}</Button>;
}
