import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Bars } from "../../ui/Bars";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Page, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Work } from "../../ui/Work";
import { useAct } from "../parts/act";
import { Moment, stretch } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { Findings } from "./Findings";
import { className } from "./words";

type Run = Schemas["Run"];
const LOOK_AGAIN_MS = 1500;

/** How far we and the calendar agree: the runs, and every difference with both sides. */
export default function Reconciliation() {
  const runs = usePages<Run>(
    ["runs"],
    async (from, signal) => (await api.GET("/api/reconciliation/runs", { params: { query: { limit: 20, ...from } }, signal })).data,
    (items) => (items.some((run) => run.state === "running") ? LOOK_AGAIN_MS : false),
  );
  const running = runs.items?.find((run) => run.state === "running");
  useLookAfter(running !== undefined);
  return (
    <Page title={m.admin_nav_drift()} aside={<RunNow isRunning={running !== undefined} />}>
      {running && <Work label={m.admin_run_checked({ count: running.checked })} />}
      <Section title={m.admin_findings()}><Findings /></Section>
      <Section title={m.admin_runs()}>
        <Listed list={runs} empty={m.admin_runs_none()}>
          {(items) => (
            <>
              <Bars title={m.admin_drift_chart()} unit={m.admin_differences()} bars={items.slice(0, 12).map(bar)} />
              <Table label={m.admin_runs()} columns={COLUMNS()} rows={items} keyOf={(run) => run.id} />
            </>
          )}
        </Listed>
      </Section>
    </Page>
  );
}

/** What a run found is looked up once it has ended, also where it goes on after the answer. */
function useLookAfter(isRunning: boolean) {
  const client = useQueryClient();
  const wasRunning = useRef(isRunning);
  useEffect(() => {
    if (wasRunning.current && !isRunning) void client.invalidateQueries();
    wasRunning.current = isRunning;
  }, [client, isRunning]);
}

const total = (run: Run) => Object.values(run.found).reduce((sum, count) => sum + count, 0);

function bar(run: Run) {
  const time = new Date(run.startedAt).toISOString().slice(5, 16).replace("T", " ");
  return { name: `${time} UTC`, value: total(run), text: String(total(run)) };
}

const COLUMNS = () => [
  { name: m.admin_began(), cell: (run: Run) => <Moment at={run.startedAt} /> },
  { name: m.admin_pass(), cell: (run: Run) => (run.pass === "full" ? m.admin_pass_full() : m.admin_pass_incremental()) },
  { name: m.admin_state(), cell: (run: Run) => <RunState run={run} /> },
  { name: m.admin_checked(), cell: (run: Run) => run.checked, isFigure: true },
  { name: m.admin_repaired(), cell: (run: Run) => run.repaired, isFigure: true },
  {
    name: m.admin_found_classes(),
    cell: (run: Run) =>
      total(run) === 0 ? m.admin_in_step() : Object.entries(run.found).map(([name, count]) => `${className(name)}: ${count}`).join(", "),
  },
];

function RunState({ run }: { run: Run }) {
  const took = run.endedAt ? stretch((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000) : "";
  if (run.state === "running") return <Badge tone="wait">{m.admin_running()}</Badge>;
  if (run.state === "abandoned") return <Badge tone="stop">{m.admin_abandoned({ why: run.failure ?? "" })}</Badge>;
  return <Badge tone="go">{m.admin_finished({ time: took })}</Badge>;
}

function RunNow({ isRunning }: { isRunning: boolean }) {
  const [isFull, setFull] = useState(false);
  const run = useAct(() => {
    const body = { pass: isFull ? ("full" as const) : ("incremental" as const) };
    return api.POST("/api/reconciliation/runs", { params: { header: MARK }, body });
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-4">
        <Check label={m.admin_pass_full()} isSelected={isFull} onChange={setFull} />
        <Button look="main" isDisabled={isRunning} isPending={run.isPending} onPress={() => run.mutate()}>{m.admin_run_now()}</Button>
      </div>
      {run.isPending && <Work label={m.admin_run_goes()} />}
      {run.error && <Fault error={run.error} />}
    </div>
  );
}
