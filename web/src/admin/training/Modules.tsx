import { useState } from "react";
import type { Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { span } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Empty, Loading } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Fault } from "../parts/FormDialog";
import { ModuleDialog } from "./ModuleDialog";

type Module = Schemas["Module"];

/** Every module, also those that cannot be watched now; an admin makes and changes them. */
export function Modules({ isAdmin }: { isAdmin: boolean }) {
  const modules = $api.useQuery("get", "/api/training/modules");
  const [open, setOpen] = useState<Module | "new">();
  if (modules.isPending) return <Loading rows={3} />;
  if (modules.error) return <Fault error={modules.error} onRetry={() => void modules.refetch()} />;
  const all = modules.data.items;
  const columns = [...COLUMNS(all), ...(isAdmin ? [{ name: m.admin_act(), cell: (one: Module) => <Edit one={one} onPress={() => setOpen(one)} /> }] : [])];
  return (
    <>
      {all.length === 0 && <Empty text={m.training_none()} />}
      {all.length > 0 && <Table label={m.admin_modules()} columns={columns} rows={all} keyOf={(one) => one.id} />}
      {isAdmin && <Button className="justify-self-start" onPress={() => setOpen("new")}>{m.admin_module_new()}</Button>}
      {open && <ModuleDialog module={open === "new" ? undefined : open} all={all} onClose={() => setOpen(undefined)} />}
    </>
  );
}

const COLUMNS = (all: readonly Module[]) => [
  { name: m.admin_title(), cell: (one: Module) => <Name one={one} /> },
  { name: m.admin_state(), cell: (one: Module) => <State one={one} /> },
  { name: m.admin_module_source(), cell: (one: Module) => one.youtubeVideoId ? <>YouTube <code className="font-mono text-note">{one.youtubeVideoId}</code></> : m.admin_module_own() },
  { name: m.length(), cell: (one: Module) => span(one.durationSeconds), isFigure: true },
  { name: m.admin_module_rules(), cell: (one: Module) => <Rules one={one} all={all} /> },
];

function Name({ one }: { one: Module }) {
  return (
    <>
      {one.title}
      <code className="block font-mono text-note font-normal text-soft">{one.id}</code>
    </>
  );
}

function State({ one }: { one: Module }) {
  return (
    <>
      {one.active ? <Badge tone="go">{m.admin_module_active()}</Badge> : <Badge tone="quiet">{m.admin_module_inactive()}</Badge>}
      <span className="block text-note text-soft">{m.admin_version({ version: one.version })}</span>
    </>
  );
}

function Rules({ one, all }: { one: Module; all: readonly Module[] }) {
  const titleOf = (id: string) => all.find((other) => other.id === id)?.title ?? id;
  return (
    <ul className="grid min-w-48 gap-1 text-note">
      {typeof one.rules.completionPercent === "number" && <li>{m.admin_module_percent({ percent: one.rules.completionPercent })}</li>}
      {one.mustSee.length > 0 && <li>{m.admin_module_parts({ count: one.mustSee.length })}</li>}
      {one.prerequisites.length > 0 && <li>{m.admin_module_after({ list: one.prerequisites.map(titleOf).join(", ") })}</li>}
    </ul>
  );
}

function Edit({ one, onPress }: { one: Module; onPress(): void }) {
  return (
    <Button className="min-h-9! px-3! py-1!" aria-label={`${m.admin_edit()}: ${one.title}`} onPress={onPress}>{m.admin_edit()}</Button>
  );
}
