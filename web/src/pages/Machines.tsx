import { useMatchRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { zoneOr, zones } from "../lib/time";
import { Card, isOpen } from "../machines/Card";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Check } from "../ui/Check";
import { Select, TextField } from "../ui/Field";
import { Empty, Loading, Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Views } from "../ui/Views";

type Summary = Schemas["ResourceSummary"];
type Kind = "machines" | "hosts";
/** No area is called so. */
const ANY = "*";

/** What the address says of the list. */
interface Wanted {
  find?: string | undefined;
  area?: string | undefined;
  ready?: boolean | undefined;
  zone?: string | undefined;
}

/** Machines, or the people whose time is reserved like one; the address tells which. */
export default function Machines() {
  const kind: Kind = useMatchRoute()({ to: "/hosts" }) ? "hosts" : "machines";
  const machines = useThese(kind);
  const { find = "", area = ANY, ready = false, zone } = useSearch({ strict: false });
  const items = machines.data ?? [];
  const shown = items.filter((machine) => fits(machine, { find, area, ready }));
  return (
    <Page title={kind === "hosts" ? m.nav_hosts() : m.nav_machines()}>
      <Views label={m.what_to_reserve()} views={VIEWS()} current={kind} />
      <Filters kind={kind} areas={items.map((machine) => machine.category)} />
      {machines.isPending && <Loading rows={4} />}
      {machines.error && <ProblemNotice error={machines.error} onRetry={() => void machines.refetch()} />}
      {machines.data && shown.length === 0 && <Nothing kind={kind} isFiltered={items.length > 0} />}
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((machine) => <Card key={machine.id} machine={machine} chosen={zone} zone={zoneOr(zone)} />)}
      </ul>
      {machines.hasNextPage && (
        <Button onPress={() => void machines.fetchNextPage()} isPending={machines.isFetchingNextPage}>
          {m.more()}
        </Button>
      )}
    </Page>
  );
}

const VIEWS = () => [
  { id: "machines", name: m.nav_machines(), link: { to: "/machines", search: {} } } as const,
  { id: "hosts", name: m.nav_hosts(), link: { to: "/hosts", search: {} } } as const,
];

function useThese(kind: Kind) {
  return usePages<Summary>([kind], (cursor, signal) =>
    api.GET(`/api/${kind}`, { params: { query: cursor }, signal }));
}

function fits(machine: Summary, wanted: { find: string; area: string; ready: boolean }): boolean {
  const { find, area, ready } = wanted;
  const words = `${machine.name} ${machine.category}`.toLocaleLowerCase();
  const isThere = area === ANY || machine.category === area;
  return isThere && words.includes(find.trim().toLocaleLowerCase()) && (!ready || isOpen(machine));
}

function Filters({ kind, areas }: { kind: Kind; areas: string[] }) {
  const { find = "", area = ANY, ready = false, zone } = useSearch({ strict: false });
  const navigate = useNavigate();
  const all = [...new Set(area === ANY ? areas : [...areas, area])].toSorted();
  const set = (next: Wanted) =>
    void navigate({ to: `/${kind}`, search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
      <TextField
        label={kind === "hosts" ? m.find_host() : m.find_machine()}
        type="search"
        value={find}
        onChange={(text) => set({ find: text || undefined })}
        className="w-full sm:w-80"
      />
      {all.length > 1 && (
        <Select
          label={m.area()}
          value={area}
          options={[{ id: ANY, name: m.area_all() }, ...all.map((id) => ({ id, name: id }))]}
          onChange={(id) => set({ area: id === ANY ? undefined : id })}
          className="w-full sm:w-56"
        />
      )}
      <ZoneSelect zone={zoneOr(zone)} onChange={(id) => set({ zone: id })} />
      <Check label={m.only_ready()} isSelected={ready} onChange={(on) => set({ ready: on || undefined })} />
    </div>
  );
}

/** Times on the cards are told in it, and it goes along to where one is reserved. */
function ZoneSelect({ zone, onChange }: { zone: string; onChange(zone: string): void }) {
  const options = useMemo(() => zones([zone]), [zone]);
  return <Select label={m.times_in()} value={zone} options={options} onChange={onChange} className="w-full sm:w-56" />;
}

function Nothing({ kind, isFiltered }: { kind: Kind; isFiltered: boolean }) {
  const words = kind === "hosts" ? [m.hosts_none_fit, m.hosts_none] as const : [m.machines_none_fit, m.machines_none] as const;
  return (
    <Empty text={isFiltered ? words[0]() : words[1]()}>
      {isFiltered && <ButtonLink to={`/${kind}`} search={{}}>{m.clear_filters()}</ButtonLink>}
    </Empty>
  );
}
