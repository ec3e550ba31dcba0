import { useQuery } from "@tanstack/react-query";
import { Link, useMatchRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { pageOf, reserveOf } from "../app/place";
import { meQuery } from "../app/session";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Check } from "../ui/Check";
import { Select, TextField } from "../ui/Field";
import { Badge, Guards } from "../ui/Guards";
import { Empty, Loading, Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Views } from "../ui/Views";

type Summary = Schemas["ResourceSummary"];
type Kind = "machines" | "hosts";
/** No area is called so. */
const ANY = "*";

/** Machines, or the people whose time is reserved like one; the address tells which. */
export default function Machines() {
  const kind: Kind = useMatchRoute()({ to: "/hosts" }) ? "hosts" : "machines";
  const machines = useThese(kind);
  const { find = "", area = ANY, ready = false } = useSearch({ strict: false });
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
        {shown.map((machine) => <Card key={machine.id} machine={machine} />)}
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

function isOpen(machine: Summary): boolean {
  return machine.active && machine.eligibility.verdict !== "refuse";
}

function Filters({ kind, areas }: { kind: Kind; areas: string[] }) {
  const { find = "", area = ANY, ready = false } = useSearch({ strict: false });
  const navigate = useNavigate();
  const all = [...new Set(area === ANY ? areas : [...areas, area])].toSorted();
  const set = (next: { find?: string | undefined; area?: string | undefined; ready?: boolean | undefined }) =>
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
      <Check label={m.only_ready()} isSelected={ready} onChange={(on) => set({ ready: on || undefined })} />
    </div>
  );
}

function Nothing({ kind, isFiltered }: { kind: Kind; isFiltered: boolean }) {
  const words = kind === "hosts" ? [m.hosts_none_fit, m.hosts_none] as const : [m.machines_none_fit, m.machines_none] as const;
  return (
    <Empty text={isFiltered ? words[0]() : words[1]()}>
      {isFiltered && <ButtonLink to={`/${kind}`} search={{}}>{m.clear_filters()}</ButtonLink>}
    </Empty>
  );
}

function Card({ machine }: { machine: Summary }) {
  const { unmetCount } = machine.eligibility;
  const isReady = isOpen(machine);
  return (
    <li className="group relative grid content-between gap-8 rounded-cut border border-line bg-plate p-5 transition-colors hover:border-edge">
      <div className="grid gap-1.5">
        <p className="text-note font-semibold tracking-wide text-soft">{machine.category}</p>
        <h2 className="text-title font-semibold tracking-tight">
          <Link {...pageOf(machine.id)} className="after:absolute after:inset-0">
            {machine.name}
          </Link>
        </h2>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="grid gap-1.5">
          <MachineBadge machine={machine} />
          {machine.active && <Guards open={isReady ? 0 : unmetCount} />}
        </div>
        {isReady ? (
          <ButtonLink
            {...reserveOf(machine.id)}
            search={{}}
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

function MachineBadge({ machine }: { machine: Summary }) {
  const { verdict, unmetCount } = machine.eligibility;
  const { data: me } = useQuery(meQuery);
  if (!machine.active) return <Badge tone="quiet">{m.badge_inactive()}</Badge>;
  if (me?.status === "suspended") return <Badge tone="stop">{m.badge_suspended()}</Badge>;
  switch (verdict) {
    case "permit":
    case "permit_with_conditions":
      return <Badge tone="go">{m.badge_ready()}</Badge>;
    case "needs_approval":
      return <Badge tone="go">{m.badge_approval()}</Badge>;
    case "refuse":
      return <Badge tone="wait">{m.badge_steps({ count: unmetCount })}</Badge>;
  }
}
