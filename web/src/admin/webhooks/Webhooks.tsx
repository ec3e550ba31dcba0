import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Fault, FormDialog } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Empty, Loading, Page, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { useAct } from "../parts/act";
import { usePlaces } from "../parts/places";
import { Simulate } from "./Simulate";
import { WebhookDialog } from "./WebhookDialog";

type Webhook = Schemas["CalcomWebhook"];
const route = getRouteApi("/inside/admin/webhooks");

/** What Cal.com is asked to tell us, account by account, and what a delivery would lead to. */
export default function Webhooks() {
  const { of } = route.useSearch();
  const places = usePlaces();
  const navigate = route.useNavigate();
  const chosen = of ?? places.data?.[0]?.id;
  return (
    <Page title={m.admin_nav_webhooks()}>
      {places.isPending && <Loading />}
      {places.error && <Fault error={places.error} onRetry={() => void places.refetch()} />}
      {places.data && chosen && (
        <>
          <Select
            label={m.admin_account_of()}
            value={chosen}
            options={places.data.map(({ id, name }) => ({ id, name }))}
            onChange={(id) => void navigate({ search: (old) => ({ ...old, of: id }) })}
            className="max-w-sm"
          />
          <List key={chosen} resourceId={chosen} />
        </>
      )}
      <Section title={m.admin_simulate()}><Simulate /></Section>
    </Page>
  );
}

function List({ resourceId }: { resourceId: string }) {
  const [open, setOpen] = useState<Webhook | "new">();
  const [gone, setGone] = useState<Webhook>();
  const list = $api.useQuery("get", "/api/cal/webhooks", { params: { query: { resourceId } } });
  const columns = [
    { name: m.admin_address(), cell: (one: Webhook) => <span className="break-all">{one.url}</span> },
    { name: m.admin_state(), cell: (one: Webhook) => <Badge tone={one.active ? "go" : "quiet"}>{one.active ? m.admin_on() : m.admin_off()}</Badge> },
    { name: m.admin_triggers(), cell: (one: Webhook) => <span className="font-mono text-note">{one.triggers.join(" ")}</span> },
    {
      name: m.admin_act(),
      cell: (one: Webhook) => (
        <div className="flex flex-wrap gap-2">
          <Button className="min-h-9! px-3! py-1!" aria-label={`${m.admin_edit()}: ${one.url}`} onPress={() => setOpen(one)}>{m.admin_edit()}</Button>
          <Button look="stop" className="min-h-9! px-3! py-1!" aria-label={`${m.admin_remove()}: ${one.url}`} onPress={() => setGone(one)}>{m.admin_remove()}</Button>
        </div>
      ),
    },
  ];
  return (
    <>
      {list.isPending && <Loading rows={2} />}
      {list.error && <Fault error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <Empty text={m.admin_webhooks_none()} />}
      {list.data && list.data.items.length > 0 && (
        <Table label={m.admin_nav_webhooks()} columns={columns} rows={list.data.items} keyOf={(one) => one.id} />
      )}
      {list.data && <Button className="justify-self-start" onPress={() => setOpen("new")}>{m.admin_webhook_new()}</Button>}
      {open && <WebhookDialog resourceId={resourceId} webhook={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />}
      {gone && <Remove resourceId={resourceId} webhook={gone} onClose={() => setGone(undefined)} />}
    </>
  );
}

function Remove({ resourceId, webhook, onClose }: { resourceId: string; webhook: Webhook; onClose(): void }) {
  const remove = useAct(() => {
    const params = { path: { webhookId: webhook.id }, query: { resourceId }, header: MARK };
    return api.DELETE("/api/cal/webhooks/{webhookId}", { params });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_webhook_remove()}
      submit={m.admin_remove()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      isPending={remove.isPending}
      error={remove.error}
    >
      <p className="break-all">{webhook.url}</p>
      <p>{m.admin_webhook_remove_text()}</p>
    </FormDialog>
  );
}
