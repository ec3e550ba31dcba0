import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Table } from "../../ui/Table";
import { useAct } from "../parts/act";
import { instantOf, said } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { usePlaceNames } from "../parts/places";
import { Export } from "./Export";
import { CLASSES, className } from "./words";

type Finding = Schemas["Finding"];
type State = Schemas["FindingState"];
type Class = Schemas["FindingClass"];
const route = getRouteApi("/inside/admin/reconciliation");
const ANY = "any";

/** Differences that were found, ours and theirs next to each other. */
export function Findings() {
  const { state: wantedState, class: wantedClass } = route.useSearch();
  const state = (["open", "repaired", "resolved"] as const).find((one) => one === wantedState);
  const kind = CLASSES.find((one) => one === wantedClass);
  const wanted = { ...(state ? { state: state as State } : {}), ...(kind ? { class: kind as Class } : {}) };
  const list = usePages<Finding>(["findings", state, kind], async (from, signal) => {
    const query = { limit: 50, ...wanted, ...from };
    return (await api.GET("/api/reconciliation/findings", { params: { query }, signal })).data;
  });
  const nameOf = usePlaceNames();
  const columns = [
    { name: m.admin_difference(), cell: (one: Finding) => <What one={one} place={nameOf(one.resourceId)} /> },
    { name: m.admin_ours(), cell: (one: Finding) => <Side side={one.ours} /> },
    { name: m.admin_theirs_calcom(), cell: (one: Finding) => <Side side={one.theirs} /> },
    { name: m.admin_state(), cell: (one: Finding) => <Settled one={one} /> },
  ];
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Filters state={state ?? ANY} kind={kind ?? ANY} />
        <Export query={wanted} />
      </div>
      <Listed list={list} empty={m.admin_findings_none()}>
        {(items) => <Table label={m.admin_findings()} columns={columns} rows={items} keyOf={(one) => one.id} />}
      </Listed>
    </>
  );
}

function Filters({ state, kind }: { state: string; kind: string }) {
  const navigate = route.useNavigate();
  const set = (name: "state" | "class", value: string) =>
    void navigate({ search: (old) => ({ ...old, [name]: value === ANY ? undefined : value }), replace: true });
  const states = [
    { id: ANY, name: m.admin_all() },
    { id: "open", name: m.admin_finding_open() },
    { id: "repaired", name: m.admin_finding_repaired() },
    { id: "resolved", name: m.admin_finding_resolved() },
  ];
  const kinds = [{ id: ANY, name: m.admin_all() }, ...CLASSES.map((id) => ({ id, name: className(id) }))];
  return (
    <div className="flex flex-wrap gap-4">
      <Select label={m.admin_state()} value={state} options={states} onChange={(value) => set("state", value)} className="w-full sm:w-56" />
      <Select label={m.admin_difference()} value={kind} options={kinds} onChange={(value) => set("class", value)} className="w-full sm:w-72" />
    </div>
  );
}

function What({ one, place }: { one: Finding; place: string }) {
  return (
    <>
      {className(one.class)}
      <span className="block text-note font-normal text-soft">{place}</span>
      <span className="block text-note font-normal text-soft">{m.admin_seen_times({ count: one.count, time: said(one.lastSeen) })}</span>
      {one.reservationId && (
        <Link to="/reservations/$reservationId" params={{ reservationId: one.reservationId }} search={{}} className="text-note font-normal underline underline-offset-4">
          {m.reservation()}
        </Link>
      )}
    </>
  );
}

function Side({ side }: { side: Schemas["FindingSide"] | undefined }) {
  if (!side) return <span className="text-soft">{m.admin_nothing_there()}</span>;
  return (
    <>
      {side.status}
      {side.start && <span className="figures block text-note text-soft">{said(side.start)}</span>}
      {side.end && <span className="figures block text-note text-soft">{m.admin_to({ time: said(side.end) })}</span>}
    </>
  );
}

function Settled({ one }: { one: Finding }) {
  const [isOpen, setOpen] = useState(false);
  if (one.state === "open") {
    return (
      <div className="grid justify-items-start gap-2">
        <Badge tone="stop">{m.admin_finding_open()}</Badge>
        <Button className="min-h-9! px-3! py-1!" onPress={() => setOpen(true)}>{m.admin_resolve()}</Button>
        {isOpen && <Resolve one={one} onClose={() => setOpen(false)} />}
      </div>
    );
  }
  return (
    <>
      <Badge tone="go">{one.state === "repaired" ? m.admin_finding_repaired() : m.admin_finding_resolved()}</Badge>
      {one.action !== "none" && <span className="block text-note text-soft">{one.action}</span>}
      {one.resolution && <span className="block text-note">{one.resolution.note}</span>}
      {one.resolution?.until && <span className="block text-note">{m.admin_ignored_until({ time: said(one.resolution.until) })}</span>}
    </>
  );
}

function Resolve({ one, onClose }: { one: Finding; onClose(): void }) {
  const [note, setNote] = useState("");
  const [until, setUntil] = useState("");
  const resolve = useAct(() => {
    const params = { path: { findingId: one.id }, header: MARK };
    const end = instantOf(until);
    const body = end ? { note, until: end } : { note };
    return api.POST("/api/reconciliation/findings/{findingId}/resolve", { params, body });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_resolve_title()}
      submit={m.admin_resolve()}
      isOpen
      onClose={onClose}
      onSubmit={() => resolve.mutate()}
      isPending={resolve.isPending}
      error={resolve.error}
    >
      <p>{m.admin_resolve_text()}</p>
      <TextField label={m.admin_note()} value={note} onChange={setNote} rows={2} maxLength={500} isRequired />
      <TextField label={m.admin_resolve_until()} type="datetime-local" value={until} onChange={setUntil} />
    </FormDialog>
  );
}
