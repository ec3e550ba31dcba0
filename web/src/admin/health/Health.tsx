import { $api } from "../../api/hooks";
import { m } from "../../paraglide/messages";
import { Page } from "../../ui/Page";
import { said, stretch } from "../parts/moment";
import { CalcomParts } from "./CalcomParts";
import { Part } from "./Part";
import { oldestWait, signOfRun } from "./signs";

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
        <CalcomParts />
        <Drift />
        <Mail />
      </ul>
    </Page>
  );
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
