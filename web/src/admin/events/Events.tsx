import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { Select, TextField } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Moment } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { Detail, ToReservation } from "./Detail";
import { Replay } from "./Replay";
import { DeliveryBadge, STATES, stateName } from "./words";

type Event = Schemas["WebhookEvent"];
const route = getRouteApi("/inside/admin/webhook-events");
const ANY = "any";
const LOOK_AGAIN_MS = 1500;

/** Everything Cal.com told us, the newest first, with what came of it. */
export default function Events() {
  const { state: wanted, trigger, reservation, open } = route.useSearch();
  const state = STATES.find((one) => one === wanted);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = {
    limit: 50,
    ...(state ? { state } : {}),
    ...(trigger ? { trigger } : {}),
    ...(reservation ? { reservationId: reservation } : {}),
  };
  const list = usePages<Event>(
    ["webhook-events", query],
    async (from, signal) => (await api.GET("/api/webhook-events", { params: { query: { ...query, ...from } }, signal })).data,
    (items) => (items.some((one) => one.state === "replaying") ? LOOK_AGAIN_MS : false),
  );
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Page title={m.admin_nav_deliveries()}>
      <Filters state={state ?? ANY} trigger={trigger ?? ""} reservation={reservation ?? ""} />
      {open && <Detail deliveryId={open} />}
      <Replay chosen={[...chosen]} onDone={() => setChosen(new Set())} />
      <Listed list={list} empty={m.admin_deliveries_none()}>
        {(items) => <Table label={m.admin_nav_deliveries()} columns={columns(chosen, toggle)} rows={items} keyOf={(one) => one.deliveryId} />}
      </Listed>
    </Page>
  );
}

function Filters({ state, trigger, reservation }: { state: string; trigger: string; reservation: string }) {
  const navigate = route.useNavigate();
  const set = (part: { state?: string | undefined; trigger?: string | undefined; reservation?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const states = [{ id: ANY, name: m.admin_all() }, ...STATES.map((id) => ({ id, name: stateName(id) }))];
  return (
    <search className="flex flex-wrap items-end gap-4">
      <Select label={m.admin_state()} value={state} options={states} onChange={(id) => set({ state: id === ANY ? undefined : id })} className="w-full sm:w-56" />
      <TextField label={m.admin_trigger()} value={trigger} onChange={(text) => set({ trigger: text || undefined })} className="w-full sm:w-56" />
      <TextField label={m.reservation()} value={reservation} onChange={(text) => set({ reservation: text || undefined })} className="w-full sm:w-56" />
    </search>
  );
}

function columns(chosen: ReadonlySet<string>, toggle: (id: string, on: boolean) => void) {
  return [
    {
      name: m.admin_received(),
      cell: (one: Event) => (
        <span className="flex items-center gap-3">
          <Check
            label={m.admin_choose({ name: `${one.trigger} ${one.deliveryId.slice(0, 8)}` })}
            isBare
            isSelected={chosen.has(one.deliveryId)}
            onChange={(on) => toggle(one.deliveryId, on)}
          />
          <Link to="/admin/webhook-events" search={(old: object) => ({ ...old, open: one.deliveryId })} className="underline underline-offset-4">
            <Moment at={one.receivedAt} />
          </Link>
        </span>
      ),
    },
    { name: m.admin_trigger(), cell: (one: Event) => <span className="font-mono text-note">{one.trigger}</span> },
    { name: m.admin_state(), cell: (one: Event) => <DeliveryBadge state={one.state} /> },
    { name: m.reservation(), cell: (one: Event) => one.reservationId && <ToReservation id={one.reservationId} /> },
    { name: m.admin_attempts(), cell: (one: Event) => one.attempts, isFigure: true },
    { name: m.admin_came_times(), cell: (one: Event) => one.times, isFigure: true },
    { name: m.admin_error(), cell: (one: Event) => <span className="font-mono text-note">{one.lastError ?? ""}</span> },
  ];
}
