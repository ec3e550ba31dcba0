import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asProblem } from "../../api/problem";
import { $api } from "../../api/hooks";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Loading, Page } from "../../ui/Page";
import { titleOf } from "../../ui/words";
import { said, stretch } from "../parts/moment";
import { oldestWait, type Sign, signOfRun } from "./signs";

const LOOK_AGAIN_MS = 30_000;
const looksAgain = { refetchInterval: LOOK_AGAIN_MS };

/** What works, from what each part last said of itself. */
export default function Health() {
  return (
    <Page title={m.admin_nav_health()}>
      <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
        <Front />
        <Queue />
        <Dead />
        <Calendar />
        <Drift />
        <Mail />
      </ul>
    </Page>
  );
}

interface PartProps {
  name: string;
  link?: Pick<LinkProps, "to" | "search">;
  query: { isPending: boolean; error: unknown; refetch(): unknown };
  sign: Sign;
  children?: ReactNode;
}

function Part({ name, link, query, sign, children }: PartProps) {
  return (
    <li className="grid gap-2 bg-plate p-4 sm:grid-cols-[14rem_1fr_auto] sm:items-center">
      <h2 className="font-semibold">{link ? <Link {...link} className="underline underline-offset-4">{name}</Link> : name}</h2>
      {query.error ? (
        <p role="alert" className="flex flex-wrap items-center gap-3">
          {titleOf(asProblem(query.error))}
          {asProblem(query.error).requestId && <span className="text-note">{m.request_id()} {asProblem(query.error).requestId}</span>}
          <Button className="min-h-9! px-3! py-1!" onPress={() => query.refetch()}>{m.retry()}</Button>
        </p>
      ) : query.isPending ? <Loading rows={1} /> : <p className="text-soft">{children}</p>}
      {!query.isPending && <Lamp sign={query.error ? "stop" : sign} />}
    </li>
  );
}

function Lamp({ sign }: { sign: Sign }) {
  switch (sign) {
    case "go":
      return <Badge tone="go">{m.admin_sign_go()}</Badge>;
    case "wait":
      return <Badge tone="wait">{m.admin_sign_wait()}</Badge>;
    case "stop":
      return <Badge tone="stop">{m.admin_sign_stop()}</Badge>;
  }
}

function Front() {
  const query = $api.useQuery("get", "/api/health", {}, looksAgain);
  return <Part name={m.admin_part_front()} query={query} sign="go">{query.data && m.admin_deployment({ name: query.data.deployment })}</Part>;
}

function Queue() {
  const params = { query: { state: "retrying" as const, limit: 100 } };
  const query = $api.useQuery("get", "/api/webhook-events", { params }, looksAgain);
  const wait = oldestWait(query.data?.items ?? [], Date.now());
  return (
    <Part name={m.admin_part_queue()} link={{ to: "/admin/webhook-events", search: { state: "retrying" } }} query={query} sign={wait > 300 ? "stop" : wait > 0 ? "wait" : "go"}>
      {wait > 0 ? m.admin_queue_oldest({ time: stretch(wait) }) : m.admin_queue_clear()}
    </Part>
  );
}

function Dead() {
  const params = { query: { state: "dead" as const, limit: 1 } };
  const query = $api.useQuery("get", "/api/webhook-events", { params }, looksAgain);
  const [last] = query.data?.items ?? [];
  return (
    <Part name={m.admin_tile_dead()} link={{ to: "/admin/webhook-events", search: { state: "dead" } }} query={query} sign={last ? "stop" : "go"}>
      {last ? m.admin_last_at({ time: said(last.lastReceivedAt) }) : m.admin_none()}
    </Part>
  );
}

/** Cal.com is asked by every run, so the last run tells whether it answers. */
function Calendar() {
  const query = $api.useQuery("get", "/api/reconciliation/runs", { params: { query: { limit: 1 } } }, looksAgain);
  const [last] = query.data?.items ?? [];
  return (
    <Part name={m.admin_part_calendar()} link={{ to: "/admin/reconciliation", search: {} }} query={query} sign={signOfRun(last, Date.now())}>
      {last ? m.admin_last_at({ time: said(last.endedAt ?? last.startedAt) }) : m.admin_tile_never()}
    </Part>
  );
}

function Drift() {
  const query = $api.useQuery("get", "/api/reconciliation/findings", { params: { query: { state: "open", limit: 100 } } }, looksAgain);
  const count = query.data?.items.length ?? 0;
  return (
    <Part name={m.admin_tile_drift()} link={{ to: "/admin/reconciliation", search: { state: "open" } }} query={query} sign={count > 0 ? "wait" : "go"}>
      {count > 0 ? m.admin_open_count({ count }) : m.admin_in_step()}
    </Part>
  );
}

function Mail() {
  const query = $api.useQuery("get", "/api/notifications", { params: { query: { state: "failed", limit: 100 } } }, looksAgain);
  const count = query.data?.items.length ?? 0;
  return (
    <Part name={m.admin_part_mail()} link={{ to: "/admin/notifications", search: { state: "failed" } }} query={query} sign={count > 0 ? "wait" : "go"}>
      {count > 0 ? m.admin_open_count({ count }) : m.admin_letters_all_arrived()}
    </Part>
  );
}
