import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { StatusBadge } from "../../app/status";
import { longDay, ownZone, range } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { getLocale } from "../../paraglide/runtime";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Loading, Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { useAct } from "../parts/act";
import { said } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { useNames } from "../parts/people";
import { usePlaces } from "../parts/places";
import { Views } from "../../ui/Views";
import { Answer } from "./Answer";

type One = Schemas["Reservation"];
type View = "close" | "upcoming" | "past";
const route = getRouteApi("/inside/admin/sessions");
const MONTH = 31 * 86_400_000;

/** Reservations of one machine or host: what is ahead, whose presence is not kept yet, what is over. */
export default function Sessions() {
  const { of, view: wanted } = route.useSearch();
  const places = usePlaces();
  const navigate = route.useNavigate();
  const view: View = wanted === "upcoming" || wanted === "past" ? wanted : "close";
  const chosen = of ?? places.data?.[0]?.id;
  return (
    <Page title={m.admin_nav_sessions()}>
      {places.isPending && <Loading />}
      {places.error && <Fault error={places.error} onRetry={() => void places.refetch()} />}
      {places.data && chosen && (
        <>
          <Select
            label={m.admin_of()}
            value={chosen}
            options={places.data.map(({ id, name }) => ({ id, name }))}
            onChange={(id) => void navigate({ search: (old) => ({ ...old, of: id }) })}
            className="max-w-sm"
          />
          <Which view={view} of={of} />
          <List key={`${chosen}${view}`} of={chosen} view={view} />
        </>
      )}
    </Page>
  );
}

function Which({ view, of }: { view: View; of: string | undefined }) {
  const names = { close: m.admin_to_close, upcoming: m.upcoming, past: m.past };
  const views = Object.entries(names).map(([id, name]) => ({
    id,
    name: name(),
    link: { to: "/admin/sessions" as const, search: { view: id, ...(of ? { of } : {}) } },
  }));
  return <Views label={m.views()} views={views} current={view} />;
}

function List({ of, view }: { of: string; view: View }) {
  const span = useMemo(() => {
    const now = new Date().toISOString();
    const before = new Date(Date.now() - MONTH).toISOString();
    return view === "upcoming" ? { from: now, sort: "start" as const } : { from: before, to: now, sort: "-start" as const };
  }, [view]);
  const list = usePages<One>(["sessions", of, span], async (from, signal) => {
    const query = { machineId: of, limit: 50, ...span, ...from };
    return (await api.GET("/api/reservations", { params: { query }, signal })).data;
  });
  const items = list.items?.filter((one) => belongs(one, view));
  const nameOf = useNames();
  const columns = [
    { name: m.admin_when(), cell: (one: One) => <When one={one} /> },
    { name: m.admin_person(), cell: (one: One) => nameOf(one.userId) || m.admin_unmatched() },
    { name: m.admin_state(), cell: (one: One) => <StatusBadge status={one.status} /> },
    { name: m.admin_came(), cell: (one: One) => <Came one={one} name={nameOf(one.userId)} isOpen={view !== "upcoming"} /> },
  ];
  return (
    <Listed list={{ ...list, items }} empty={view === "close" ? m.admin_closed_all() : m.reservations_none_here()}>
      {(shown) => <Table label={m.admin_nav_sessions()} columns={columns} rows={shown} keyOf={(one) => one.id} />}
    </Listed>
  );
}

/** Presence is kept of what was held to the end or runs; what was given back needs none. */
function belongs(one: One, view: View): boolean {
  const isHeld = one.status === "confirmed" || one.status === "completed";
  return view === "close" ? isHeld && !one.attendance : view === "past" || one.status !== "cancelled";
}

function When({ one }: { one: One }) {
  return (
    <Link to="/reservations/$reservationId" params={{ reservationId: one.id }} search={{}} className="whitespace-nowrap underline underline-offset-4">
      {longDay(one.start, ownZone(), getLocale())}, {range(one.start, one.end, ownZone(), getLocale())}
    </Link>
  );
}

function Came({ one, name, isOpen }: { one: One; name: string; isOpen: boolean }) {
  const keep = useAct((presence: Schemas["Presence"]) => {
    const params = { path: { reservationId: one.id }, header: MARK };
    return api.POST("/api/reservations/{reservationId}/attendance", { params, body: { presence } });
  });
  const words = { attended: m.admin_attended(), late: m.admin_late(), no_show: m.admin_no_show() };
  if (one.status === "awaiting") return <Answer one={one} name={name} />;
  if (!isOpen || (one.status !== "confirmed" && one.status !== "completed")) return null;
  return (
    <div className="grid gap-2">
      {one.attendance && <Badge tone={one.attendance === "no_show" ? "stop" : "go"}>{words[one.attendance]}</Badge>}
      <div className="flex flex-wrap gap-2">
        {(["attended", "late", "no_show"] as const).filter((word) => word !== one.attendance).map((word) => (
          <Button key={word} className="min-h-9! px-3! py-1!" aria-label={`${words[word]}: ${name}, ${said(one.start)}`} onPress={() => keep.mutate(word)} isPending={keep.isPending && keep.variables === word}>
            {words[word]}
          </Button>
        ))}
      </div>
      {keep.error && <Fault error={keep.error} />}
    </div>
  );
}
