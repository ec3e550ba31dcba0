import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, type Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { titleOf } from "../../ui/words";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { classes } from "../../ui/classes";
import { stretch } from "../parts/moment";
import { useMachines } from "../parts/places";

interface Counted {
  data: { items: unknown[]; nextCursor?: string } | undefined;
  error: unknown;
}

/** What everybody with a key looks at. */
export function ManagerTiles() {
  const waiting = $api.useQuery("get", "/api/checkouts", { params: { query: { state: "pending", limit: 100 } } });
  const letters = $api.useQuery("get", "/api/notifications", { params: { query: { state: "failed", limit: 100 } } });
  const oldest = waiting.data?.waiting?.oldestSeconds;
  return (
    <>
      <Tile name={m.admin_tile_waiting()} link={{ to: "/admin/checkouts", search: {} }} counted={waiting}>
        {oldest !== undefined && oldest > 0 && m.admin_tile_oldest({ time: stretch(oldest) })}
      </Tile>
      <OutTile />
      <Tile name={m.admin_tile_letters()} link={{ to: "/admin/notifications", search: { state: "failed" } }} counted={letters} isBad />
    </>
  );
}

/** What only admins may see. */
export function AdminTiles() {
  const drift = $api.useQuery("get", "/api/reconciliation/findings", { params: { query: { state: "open", limit: 100 } } });
  const dead = $api.useQuery("get", "/api/webhook-events", { params: { query: { state: "dead", limit: 100 } } });
  const runs = $api.useQuery("get", "/api/reconciliation/runs", { params: { query: { limit: 1 } } });
  const [last] = runs.data?.items ?? [];
  return (
    <>
      <Tile name={m.admin_tile_drift()} link={{ to: "/admin/reconciliation", search: { state: "open" } }} counted={drift} isBad>
        {last ? m.admin_tile_checked({ time: ago(last) }) : m.admin_tile_never()}
      </Tile>
      <Tile name={m.admin_tile_dead()} link={{ to: "/admin/webhook-events", search: { state: "dead" } }} counted={dead} isBad />
      <Tile name={m.admin_tile_health()} link={{ to: "/admin/health" }} counted={{ data: undefined, error: undefined }}>
        {m.admin_tile_health_text()}
      </Tile>
    </>
  );
}

function ago(run: Schemas["Run"]): string {
  return stretch((Date.now() - Date.parse(run.endedAt ?? run.startedAt)) / 1000);
}

/** Machines that are out of order now or will be. */
function OutTile() {
  const machines = useMachines();
  const ids = machines.data?.map((machine) => machine.id) ?? [];
  const out = useQuery({
    queryKey: ["out-of-order", ids],
    enabled: machines.data !== undefined,
    queryFn: async ({ signal }) => {
      const read = async (machineId: string) =>
        (await api.GET("/api/machines/{machineId}", { params: { path: { machineId } }, signal })).data?.machine;
      const all = await Promise.all(ids.map(read));
      return { items: all.filter((machine) => (machine?.outages?.length ?? 0) > 0) };
    },
  });
  return (
    <Tile name={m.admin_tile_out()} link={{ to: "/admin/machines" }} counted={{ data: out.data, error: machines.error ?? out.error }} isBad />
  );
}

interface TileProps {
  name: string;
  link: Pick<LinkProps, "to" | "search">;
  counted: Counted;
  /** More than none is something to look at. */
  isBad?: boolean;
  children?: ReactNode;
}

function Tile({ name, link, counted, isBad = false, children }: TileProps) {
  const count = counted.data?.items.length;
  const more = counted.data?.nextCursor ? "+" : "";
  return (
    <li className="relative grid min-h-32 content-between gap-3 bg-plate p-5 hover:bg-well/60">
      <h2 className="font-semibold">
        <Link {...link} className="after:absolute after:inset-0">{name}</Link>
      </h2>
      <p className="flex flex-wrap items-baseline gap-x-3">
        {count !== undefined && (
          <span className={classes("figures text-head leading-none font-bold tracking-tight", isBad && count > 0 && "text-stop")}>
            {count}{more}
          </span>
        )}
        <span className="text-note text-soft">{children}</span>
        {Boolean(counted.error) && <span role="alert" className="text-note text-stop">{titleOf(asProblem(counted.error))}</span>}
      </p>
    </li>
  );
}
