import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { differences, told } from "../rules/diff";
import { instantOf, Moment } from "../parts/moment";
import { Listed, type Page as Pagewise, usePages } from "../parts/pages";
import { useNames } from "../parts/people";
import { Export } from "./Export";
import { Integrity } from "./Integrity";

export type Entry = Schemas["AuditEntry"];
const route = getRouteApi("/inside/admin/audit");

/** Who did what, the youngest first. */
export default function Audit() {
  const { actor, object, action, request, from, to } = route.useSearch();
  const [since, until] = [instantOf(from ?? ""), instantOf(to ?? "")];
  const query = {
    ...(actor ? { actor } : {}),
    ...(object ? { object } : {}),
    ...(action ? { action } : {}),
    ...(request ? { requestId: request } : {}),
    ...(since ? { from: since } : {}),
    ...(until ? { to: until } : {}),
  };
  const list = usePages<Entry>(["audit", query], async (place, signal) => {
    const { data } = await api.GET("/api/audit", { params: { query: { limit: 50, ...query, ...place } }, signal });
    return data as Pagewise<Entry> | undefined;
  });
  return (
    <Page title={m.admin_nav_audit()} aside={<Export query={query} />}>
      <Integrity />
      <Filters />
      <Listed list={list} empty={m.admin_audit_none()}>{(items) => <Entries items={items} />}</Listed>
    </Page>
  );
}

function Filters() {
  const { actor = "", object = "", action = "", request = "", from = "", to = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: Record<string, string>) =>
    void navigate({
      search: (old) => ({ ...old, ...Object.fromEntries(Object.entries(part).map(([name, text]) => [name, text || undefined])) }),
      replace: true,
    });
  return (
    <search className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      <TextField label={m.admin_actor()} value={actor} onChange={(text) => set({ actor: text })} />
      <TextField label={m.admin_object()} value={object} onChange={(text) => set({ object: text })} />
      <TextField label={m.admin_action()} hint={m.admin_action_hint()} value={action} onChange={(text) => set({ action: text })} />
      <TextField label={m.request_id()} value={request} onChange={(text) => set({ request: text })} />
      <TextField label={m.admin_from()} type="datetime-local" value={from} onChange={(text) => set({ from: text })} />
      <TextField label={m.admin_until_field()} type="datetime-local" value={to} onChange={(text) => set({ to: text })} />
    </search>
  );
}

function Entries({ items }: { items: Entry[] }) {
  const nameOf = useNames();
  const columns = [
    { name: m.admin_when(), cell: (one: Entry) => <Moment at={one.at} /> },
    { name: m.admin_actor(), cell: (one: Entry) => actorOf(one, nameOf) },
    { name: m.admin_action(), cell: (one: Entry) => <code className="font-mono text-note">{one.action}</code> },
    { name: m.admin_object(), cell: (one: Entry) => <code className="font-mono text-note break-all">{one.object}</code> },
    { name: m.admin_changed_what(), cell: (one: Entry) => <What one={one} /> },
  ];
  return <Table label={m.admin_nav_audit()} columns={columns} rows={items} keyOf={(one) => `${one.at}${one.requestId}${one.action}${one.object}`} />;
}

function actorOf({ actor }: Entry, nameOf: (id: string | undefined) => string): string {
  return nameOf(actor.userId) || (actor.job ?? actor.kind);
}

/** What was before and after, place by place, and whatever else the entry tells. */
function What({ one }: { one: Entry }) {
  const [isOpen, setOpen] = useState(false);
  const hasSides = one.before !== undefined || one.after !== undefined;
  const detail = Object.entries(one.detail);
  if (!hasSides && detail.length === 0) return null;
  return (
    <div className="grid justify-items-start gap-2">
      <Button look="bare" className="min-h-6! px-0! py-0! text-note" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? m.admin_less() : m.admin_details()}
      </Button>
      {isOpen && (
        <dl className="grid gap-1 text-note">
          {hasSides && differences(one.before, one.after).map(({ pointer, before, after }) => (
            <div key={pointer}>
              <dt className="font-mono">{pointer || m.admin_value()}</dt>
              <dd>
                <del className="bg-stop-wash px-1 no-underline"><span className="sr-only">{m.admin_before()} </span>− {told(before)}</del>{" "}
                <ins className="bg-go-wash px-1 no-underline"><span className="sr-only">{m.admin_after()} </span>+ {told(after)}</ins>
              </dd>
            </div>
          ))}
          {detail.map(([name, value]) => (
            <div key={name}>
              <dt className="font-mono">{name}</dt>
              <dd className="break-all">{told(value)}</dd>
            </div>
          ))}
          <div>
            <dt className="font-mono">{m.request_id()}</dt>
            <dd className="break-all">
              <Link to="/admin/audit" search={{ request: one.requestId }} className="underline underline-offset-4">{one.requestId}</Link>
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}
