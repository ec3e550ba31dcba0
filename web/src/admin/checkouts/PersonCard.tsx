import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { useModuleTitles } from "../../app/coverage";
import { VerdictBadge } from "../../app/VerdictBadge";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Check } from "../../ui/Check";
import { Badge } from "../../ui/Guards";
import { Empty, Loading, Plate } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { said } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { roleName, StandingBadge } from "../parts/words";
import { ApproveDialog } from "./ApproveDialog";
import { isForCheckout } from "./ready";
import { RevokeDialog } from "./RevokeDialog";

type Readiness = Schemas["Readiness"];
type Checkout = Schemas["Checkout"];
const route = getRouteApi("/inside/admin/checkouts");

/** Somebody at the desk: how he stands, and each machine with what he has and lacks. */
export function PersonCard({ userId }: { userId: string }) {
  const params = { path: { userId } };
  const person = $api.useQuery("get", "/api/users/{userId}", { params });
  if (person.isPending) return <Loading rows={2} />;
  if (person.error) return <Fault error={person.error} onRetry={() => void person.refetch()} />;
  const { user } = person.data;
  return (
    <section aria-labelledby="person" className="grid gap-4">
      <Plate className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 border-s-3 border-s-enamel">
        <div className="min-w-0">
          <h2 id="person" className="text-title font-semibold tracking-tight">{user.name}</h2>
          <p className="break-all text-soft">{user.email}</p>
        </div>
        <p>{user.roles.map(roleName).join(", ")}</p>
        {user.membershipUntil && <p>{m.admin_member_until({ time: said(user.membershipUntil) })}</p>}
        <StandingBadge status={user.status} />
      </Plate>
      <Matrix user={user} />
    </section>
  );
}

function Matrix({ user }: { user: Schemas["User"] }) {
  const readiness = usePages<Readiness>(["readiness", user.id], async (from, signal) => {
    const params = { path: { userId: user.id }, query: { kind: "machine" as const, limit: 100, ...from } };
    return (await api.GET("/api/users/{userId}/readiness", { params, signal })).data;
  });
  const held = usePages<Schemas["CheckoutItem"]>(["checkouts", "granted", user.id], async (from, signal) => {
    const query = { state: "granted" as const, userId: user.id, limit: 100, ...from };
    return (await api.GET("/api/checkouts", { params: { query }, signal })).data;
  });
  const checkouts = held.items?.flatMap((item) => item.checkout ?? []) ?? [];
  const [act, setAct] = useState<{ kind: "approve" | "revoke"; machine: Readiness }>();
  const close = () => setAct(undefined);
  const { ready = false } = route.useSearch();
  return (
    <Listed list={readiness} empty={m.machines_none()}>
      {(items) => (
        <>
          {held.error && <Fault error={held.error} onRetry={() => void held.refetch()} />}
          <OnlyReady isOn={ready} />
          <Table
            label={m.admin_matrix({ name: user.name })}
            columns={columns(checkouts, (kind, machine) => setAct({ kind, machine }))}
            rows={ready ? items.filter(isForCheckout) : items}
            keyOf={(machine) => machine.id}
          />
          {ready && !items.some(isForCheckout) && <Empty text={m.admin_ready_none()} />}
          {act?.kind === "approve" && (
            <ApproveDialog machine={act.machine} people={[{ id: user.id, name: user.name }]} reasons={act.machine.reasons} onClose={close} />
          )}
          {act?.kind === "revoke" && <RevokeDialog machine={act.machine} person={user} onClose={close} />}
        </>
      )}
    </Listed>
  );
}

/** Leaves only machines on which nothing but the yes at the bench is missing. */
function OnlyReady({ isOn }: { isOn: boolean }) {
  const navigate = route.useNavigate();
  const set = (on: boolean) => void navigate({ search: (old) => ({ ...old, ready: on || undefined }), replace: true });
  return <div><Check label={m.admin_ready()} isSelected={isOn} onChange={set} /></div>;
}

function columns(checkouts: Checkout[], act: (kind: "approve" | "revoke", machine: Readiness) => void) {
  return [
    { name: m.machine(), cell: (machine: Readiness) => machine.name },
    { name: m.admin_trainings(), cell: (machine: Readiness) => <Trainings machine={machine} /> },
    { name: m.checkout(), cell: (machine: Readiness) => <Held machine={machine} held={heldOn(machine, checkouts)} /> },
    {
      name: m.admin_gate(),
      cell: ({ verdict, reasons }: Readiness) => (
        <VerdictBadge verdict={verdict} count={reasons.filter((reason) => reason.severity === "block").length} />
      ),
    },
    {
      name: m.admin_act(),
      cell: (machine: Readiness) => (
        <div className="flex flex-wrap gap-2">
          {lacksCheckout(machine) && (
            <Button look="main" className="min-h-9! px-3! py-1!" aria-label={m.admin_approve_on({ machine: machine.name })} onPress={() => act("approve", machine)}>
              {m.admin_approve()}
            </Button>
          )}
          {heldOn(machine, checkouts) && (
            <Button look="stop" className="min-h-9! px-3! py-1!" aria-label={m.admin_revoke_on({ machine: machine.name })} onPress={() => act("revoke", machine)}>
              {m.admin_revoke()}
            </Button>
          )}
        </div>
      ),
    },
  ];
}

const lacksCheckout = (machine: Readiness) => machine.reasons.some((reason) => reason.code.startsWith("checkout_"));

/** An approval of the machine itself, or of its category. */
function heldOn(machine: Readiness, checkouts: Checkout[]): Checkout | undefined {
  return checkouts.find(({ scope }) =>
    "machineId" in scope ? scope.machineId === machine.id : scope.category === machine.category,
  );
}

function Trainings({ machine }: { machine: Readiness }) {
  const titles = useModuleTitles();
  const open = machine.reasons.filter((reason) => reason.code.startsWith("training_"));
  if (open.length === 0) return <Badge tone="go">{m.admin_complete()}</Badge>;
  return (
    <ul>
      {open.map((reason) => {
        const module = reason.parameters["moduleId"] ?? "";
        return <li key={module}><Badge tone="wait">{titles.get(module) ?? module}</Badge></li>;
      })}
    </ul>
  );
}

function Held({ machine, held }: { machine: Readiness; held: Checkout | undefined }) {
  if (held) {
    return (
      <>
        <Badge tone={lacksCheckout(machine) ? "wait" : "go"}>{m.admin_level({ level: held.level })}</Badge>
        <span className="block text-note text-soft">
          {held.expiresAt ? m.admin_until({ time: said(held.expiresAt) }) : m.admin_since({ time: said(held.grantedAt) })}
        </span>
      </>
    );
  }
  return lacksCheckout(machine) ? <Badge tone="wait">{m.admin_missing()}</Badge> : <span className="text-soft">{m.admin_not_wanted()}</span>;
}
