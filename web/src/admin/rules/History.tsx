import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Loading, Plate } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Listed, type Page, usePages } from "../parts/pages";
import { DecideDialog } from "./DecideDialog";
import { told } from "./diff";
import type { Save, Standing } from "./policy";
import { Author } from "./Stands";

interface HistoryProps {
  machineId: string;
  standing: Standing;
}

/** Every save, the newest first; none is ever changed, and each can be brought back. */
export function History({ machineId, standing }: HistoryProps) {
  const list = usePages<Save>(["policy", machineId, "history"], async (from, signal) => {
    const params = { path: { machineId }, query: { history: true, limit: 20, ...from } };
    const { data } = await api.GET("/api/machines/{machineId}/policy", { params, signal });
    return data as Page<Save> | undefined;
  });
  return (
    <Listed list={list} empty={m.admin_no_saves()}>
      {(saves) => (
        <ol className="grid gap-4">
          {saves.map((save) => <li key={save.version}><One machineId={machineId} standing={standing} save={save} /></li>)}
        </ol>
      )}
    </Listed>
  );
}

function One({ machineId, standing, save }: HistoryProps & { save: Save }) {
  const [isBack, setBack] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const isInForce = save.version === standing.overview.inForce.version;
  return (
    <Plate className="grid gap-3">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <Author save={save} />
        {isInForce ? <Badge tone="go">{m.admin_in_force()}</Badge> : save.state === "withdrawn" && <Badge tone="quiet">{m.admin_withdrawn()}</Badge>}
      </div>
      {!isInForce && (
        <div className="flex flex-wrap gap-3">
          <Button className="min-h-9! px-3! py-1!" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>{m.admin_diff_now()}</Button>
          <Button className="min-h-9! px-3! py-1!" onPress={() => setBack(true)}>{m.admin_roll_back({ version: save.version })}</Button>
        </div>
      )}
      {isOpen && <Against machineId={machineId} version={save.version} />}
      {isBack && <DecideDialog machineId={machineId} tag={standing.tag} decision={{ rollBackTo: save.version }} onClose={() => setBack(false)} />}
    </Plate>
  );
}

/** What differs between a save and what is in force. */
function Against({ machineId, version }: { machineId: string; version: number }) {
  const diff = useQuery({
    queryKey: ["policy", machineId, "diff", version],
    queryFn: async ({ signal }) => {
      const params = { path: { machineId }, query: { diffFrom: version } };
      const { data } = await api.GET("/api/machines/{machineId}/policy", { params, signal });
      if (!data || !("changes" in data)) throw ProblemError.unreachable();
      return data.changes;
    },
  });
  const columns = [
    { name: m.admin_place(), cell: (one: Schemas["FieldChange"]) => <code className="font-mono text-note">{one.pointer}</code> },
    { name: m.admin_version({ version }), cell: (one: Schemas["FieldChange"]) => told(one.before) },
    { name: m.admin_in_force(), cell: (one: Schemas["FieldChange"]) => told(one.after) },
  ];
  if (diff.isPending) return <Loading rows={1} />;
  if (diff.error) return <Fault error={diff.error} onRetry={() => void diff.refetch()} />;
  if (diff.data.length === 0) return <p>{m.admin_conflict_same()}</p>;
  return <Table label={m.admin_diff_of({ version })} columns={columns} rows={diff.data} keyOf={(one) => one.pointer} />;
}
