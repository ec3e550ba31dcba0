import { useQuery } from "@tanstack/react-query";
import { api, MARK, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { FormDialog } from "../parts/FormDialog";
import { Work } from "../../ui/Work";
import { useAct } from "../parts/act";
import { ImpactList } from "../parts/Impact";

interface EndProps {
  place: { id: string; name: string };
  outage: Schemas["MachineOutage"];
  onClose(): void;
}

/** Ends an outage now, and shows which reservations are whole again. */
export function EndOutageDialog({ place, outage, onClose }: EndProps) {
  const ask = async (dryRun: boolean) => {
    const params = { path: { machineId: place.id, outageId: outage.id }, header: MARK };
    const { data } = await api.POST("/api/machines/{machineId}/outages/{outageId}/end", { params, body: { dryRun } });
    if (!data) throw ProblemError.unreachable();
    return data;
  };
  const preview = useQuery({ queryKey: ["outage-end", outage.id], queryFn: () => ask(true) });
  const end = useAct(() => ask(false), onClose);
  return (
    <FormDialog
      title={m.admin_outage_end_title({ name: place.name })}
      submit={m.admin_outage_end()}
      isOpen
      onClose={onClose}
      onSubmit={() => end.mutate()}
      isPending={end.isPending}
      error={end.error ?? preview.error}
    >
      <p>{outage.reason}</p>
      {preview.isPending && <Work label={m.admin_judging()} />}
      {preview.data && <ImpactList impact={preview.data.reservations} />}
    </FormDialog>
  );
}
