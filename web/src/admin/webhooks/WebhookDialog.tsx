import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

type Trigger = Schemas["CalcomTriggers"][number];

/** What changes who holds which time comes first; the rest is there for who wants it. */
const TRIGGERS: readonly Trigger[] = [
  "BOOKING_CREATED", "BOOKING_REQUESTED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REJECTED",
  "BOOKING_NO_SHOW_UPDATED", "MEETING_STARTED", "MEETING_ENDED",
];
const USUAL = TRIGGERS.slice(0, 5);

interface WebhookProps {
  resourceId: string;
  /** The one that is changed; absent makes another. */
  webhook: Schemas["CalcomWebhook"] | undefined;
  onClose(): void;
}

/** Makes a webhook at Cal.com or changes one; either hands over the newest secret. */
export function WebhookDialog({ resourceId, webhook, onClose }: WebhookProps) {
  const [url, setUrl] = useState(webhook?.url ?? "https://");
  const [active, setActive] = useState(webhook?.active ?? true);
  const [triggers, setTriggers] = useState<readonly string[]>(webhook?.triggers ?? USUAL);
  const save = useAct(async () => {
    const body = { resourceId, url, active, triggers: triggers as Trigger[] };
    if (!webhook) return api.POST("/api/cal/webhooks", { params: { header: MARK }, body });
    const params = { path: { webhookId: webhook.id }, header: MARK };
    return api.PATCH("/api/cal/webhooks/{webhookId}", { params, body });
  }, onClose);
  const toggle = (trigger: string, on: boolean) =>
    setTriggers(on ? [...triggers, trigger] : triggers.filter((one) => one !== trigger));
  return (
    <FormDialog
      title={webhook ? m.admin_webhook_edit() : m.admin_webhook_new()}
      submit={m.admin_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => save.mutate()}
      isPending={save.isPending}
      isReady={triggers.length > 0}
      error={save.error}
    >
      <p>{m.admin_webhook_secret()}</p>
      <TextField label={m.admin_address()} type="url" value={url} onChange={setUrl} isRequired />
      <Check label={m.admin_on()} isSelected={active} onChange={setActive} />
      <fieldset className="grid justify-items-start">
        <legend className="font-semibold">{m.admin_triggers()}</legend>
        {[...new Set([...TRIGGERS, ...triggers])].map((trigger) => (
          <Check key={trigger} label={trigger} isSelected={triggers.includes(trigger)} onChange={(on) => toggle(trigger, on)} />
        ))}
      </fieldset>
    </FormDialog>
  );
}
