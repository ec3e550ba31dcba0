import { useState } from "react";
import { api, MARK } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { Work } from "../../ui/Work";
import { useAct } from "../parts/act";
import { ImpactList } from "../parts/Impact";
import { instantOf } from "../parts/moment";
import { useMutation } from "@tanstack/react-query";

interface OutageProps {
  place: { id: string; name: string };
  onClose(): void;
}

/** Announces that something is out of order; what it does to reservations is shown before. */
export function OutageDialog({ place, onClose }: OutageProps) {
  const [wish, setWish] = useState({ reason: "", from: "", until: "" });
  const ask = (dryRun: boolean) => async () => {
    const [startsAt, endsAt] = [instantOf(wish.from), instantOf(wish.until)];
    const body = { reason: wish.reason, dryRun, ...(startsAt ? { startsAt } : {}), ...(endsAt ? { endsAt } : {}) };
    const params = { path: { machineId: place.id }, header: MARK };
    const { data } = await api.POST("/api/machines/{machineId}/outages", { params, body });
    if (!data) throw ProblemError.unreachable();
    return data;
  };
  const preview = useMutation({ mutationFn: ask(true) });
  const announce = useAct(ask(false), onClose);
  const set = (part: Partial<typeof wish>) => {
    setWish({ ...wish, ...part });
    preview.reset();
  };
  return (
    <FormDialog
      title={m.admin_outage_title({ name: place.name })}
      submit={m.admin_outage_announce()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => announce.mutate()}
      isPending={announce.isPending}
      error={announce.error ?? preview.error}
    >
      <TextField label={m.admin_outage_reason()} hint={m.admin_outage_reason_hint()} value={wish.reason} onChange={(reason) => set({ reason })} maxLength={500} isRequired />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label={m.admin_from()} hint={m.admin_from_hint()} type="datetime-local" value={wish.from} onChange={(from) => set({ from })} />
        <TextField label={m.admin_until_field()} hint={m.admin_until_hint()} type="datetime-local" value={wish.until} onChange={(until) => set({ until })} />
      </div>
      <Button className="justify-self-start" isDisabled={!wish.reason.trim()} isPending={preview.isPending} onPress={() => preview.mutate()}>
        {m.admin_what_happens()}
      </Button>
      {preview.isPending && <Work label={m.admin_judging()} />}
      {preview.data && <ImpactList impact={preview.data.reservations} />}
    </FormDialog>
  );
}
