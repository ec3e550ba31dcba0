import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { ownZone } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Page, Plate } from "../../ui/Page";
import { Work } from "../../ui/Work";
import { csv } from "../parts/csv";
import { save } from "../parts/file";
import { Fault } from "../parts/FormDialog";
import { HEAD, lineOf, Rows } from "./RowsTable";
import { MOST_ROWS, type Row, type Unreadable } from "./rows";
import { useCheck } from "./useCheck";
import { useRun } from "./useRun";

/** Many people out of a file: looked at first, without a word to anybody, and then invited one by one. */
export default function Import() {
  const [zone, setZone] = useState(ownZone());
  const check = useCheck(zone);
  return (
    <Page title={m.import_title()}>
      <p className="max-w-prose">{m.import_text()}</p>
      <pre className="overflow-x-auto rounded-cut border border-line bg-plate p-4 font-mono text-note" tabIndex={0} aria-label={m.import_example()}>
        {"email,name,roles,timezone\nnina@example.org,Nina,member,Europe/Lisbon\notto@example.org,Otto,member host,"}
      </pre>
      <div className="flex flex-wrap items-center gap-4">
        <TextField label={m.import_zone()} hint={m.import_zone_hint()} value={zone} onChange={setZone} className="w-full sm:w-72" />
        <FileTrigger acceptedFileTypes={[".csv", "text/csv", "text/plain"]} onSelect={(files) => files?.[0] && check.mutate(files[0])}>
          <Button look={check.data ? "plain" : "main"}>{m.import_choose()}</Button>
        </FileTrigger>
      </div>
      {check.isPending && <Work label={m.import_checking()} {...check.progress} />}
      {check.error && <Fault error={check.error} {...(check.variables ? { onRetry: () => check.variables && check.mutate(check.variables) } : {})} />}
      {typeof check.data === "string" && <p role="alert" className="border-s-3 border-stop bg-stop-wash p-4 font-semibold">{UNREADABLE[check.data]()}</p>}
      {typeof check.data === "object" && <Checked key={check.submittedAt} rows={check.data} />}
    </Page>
  );
}

const UNREADABLE: Record<Unreadable, () => string> = {
  empty: m.import_empty,
  columns: m.import_columns,
  broken: m.import_broken,
  long: () => m.import_long({ most: MOST_ROWS }),
};

/** What the file says and what became of it. */
function Checked({ rows }: { rows: readonly Row[] }) {
  const run = useRun(rows);
  const { outcomes, left } = run;
  const wanted = rows.filter((row) => row.verdict === "new").length;
  const count = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return (
    <div className="grid gap-5">
      <Plate className="grid gap-4">
        <p role="status" className="text-lead font-semibold">
          {m.import_found({ fresh: wanted, known: count("known"), twice: count("twice"), bad: count("bad") })}
        </p>
        {run.isPending && <Work label={m.import_running()} done={wanted - left} of={wanted} />}
        {run.wait > 0 && <p aria-live="off" className="figures text-wait">{m.retry_in({ seconds: run.wait })}</p>}
        {run.error && <Fault error={run.error} />}
        <div className="flex flex-wrap gap-3">
          {run.isPending
            ? <Button look="stop" onPress={run.stop}>{m.import_stop()}</Button>
            : left > 0 && <Button look="main" onPress={run.start}>{left < wanted ? m.import_go_on({ count: left }) : m.import_invite({ count: left })}</Button>}
          {!run.isPending && outcomes.size > 0 && (
            <Button onPress={() => save("import.csv", csv([HEAD(), ...rows.map((row) => lineOf(row, outcomes.get(row.line)))]))}>{m.admin_export_csv()}</Button>
          )}
        </div>
        {!run.isPending && outcomes.size > 0 && <p role="status" className="font-semibold text-go">{m.import_done({ made: run.made, left })}</p>}
      </Plate>
      <Rows rows={rows} outcomes={outcomes} />
    </div>
  );
}
