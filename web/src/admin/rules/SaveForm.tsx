import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { Form } from "react-aria-components";
import { api, MARK } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Fault } from "../parts/FormDialog";
import { Section } from "../../ui/Page";
import { useAct } from "../parts/act";
import { instantOf } from "../parts/moment";
import type { Policy } from "./draft";
import type { Why } from "./kept";
import { type Standing, standingKey } from "./policy";

interface Wish {
  tag: string;
  policy: Policy;
  reason: string;
  effectiveFrom: string | undefined;
}

const saveKey = (machineId: string) => ["save-rules", machineId];

/** Whether rules of it are being saved, whoever on the page began it. */
export function useIsSaving(machineId: string): boolean {
  return useIsMutating({ mutationKey: saveKey(machineId) }) > 0;
}

/** Saves rules on condition that nobody saved others meanwhile; answers what stands then. */
export function useSave(machineId: string, onSaved: (standing: Standing) => void) {
  const client = useQueryClient();
  const took = (standing: Standing) => {
    // At once and not with the next look: whoever comes back from elsewhere stands on it.
    client.setQueryData(standingKey(machineId), standing);
    onSaved(standing);
  };
  return useAct(async ({ tag, policy, reason, effectiveFrom }: Wish): Promise<Standing> => {
    const params = { path: { machineId }, header: { ...MARK, "If-Match": tag } };
    const body = { policy, reason, ...(effectiveFrom ? { effectiveFrom } : {}) };
    const { data, response } = await api.PUT("/api/machines/{machineId}/policy", { params, body });
    if (!data) throw ProblemError.unreachable();
    return { overview: data, tag: response.headers.get("ETag") ?? "" };
  }, took, saveKey(machineId));
}

interface SaveProps {
  save: ReturnType<typeof useSave>;
  tag: string;
  draft: Policy;
  /** Whether what is saved waits for another manager. */
  needsSecond: boolean;
  why: Why;
  onWhy(why: Why): void;
}

/** Why the rules change, and from when on. */
export function SaveForm({ save, tag, draft, needsSecond, why, onWhy }: SaveProps) {
  const { reason, from } = why;
  return (
    <Section title={m.admin_save_rules()}>
      {needsSecond && <p>{m.admin_needs_second()}</p>}
      <Form
        className="grid max-w-2xl gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ tag, policy: draft, reason, effectiveFrom: instantOf(from) });
        }}
      >
        <TextField label={m.cancel_why()} value={reason} onChange={(next) => onWhy({ ...why, reason: next })} rows={2} maxLength={500} isRequired />
        <TextField label={m.admin_effective()} hint={m.admin_effective_hint()} type="datetime-local" value={from} onChange={(next) => onWhy({ ...why, from: next })} />
        {save.error && <Fault error={save.error} />}
        <Button type="submit" look="main" className="justify-self-start" isPending={save.isPending}>{m.admin_save_rules()}</Button>
      </Form>
    </Section>
  );
}
