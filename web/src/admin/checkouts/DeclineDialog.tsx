import { useState } from "react";
import { api, MARK } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";
import { areDone, type Result, Results } from "./Results";

interface DeclineProps {
  machine: { id: string; name: string };
  people: readonly { id: string; name: string }[];
  onClose(): void;
}

/** A manager's no to requests: they end, and what is held stays; who could not be answered stays on the page. */
export function DeclineDialog({ machine, people, onClose }: DeclineProps) {
  const [reason, setReason] = useState("");
  const decline = useAct(
    async (): Promise<Result[]> => {
      const params = { path: { machineId: machine.id }, header: MARK };
      const body = { userIds: people.map((person) => person.id), decision: "decline" as const, together: false, reason };
      const { data } = await api.POST("/api/machines/{machineId}/checkout", { params, body });
      if (!data) throw ProblemError.unreachable();
      return "results" in data ? data.results : [];
    },
    (results) => {
      if (areDone(results)) onClose();
    },
  );
  return (
    <FormDialog
      title={m.admin_decline_title({ machine: machine.name })}
      submit={m.admin_decline()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => decline.mutate()}
      isPending={decline.isPending}
      isReady={!decline.data}
      error={decline.error}
    >
      <p className="font-semibold">{people.map((person) => person.name).join(", ")}</p>
      <TextField label={m.cancel_why()} value={reason} onChange={setReason} rows={2} maxLength={500} isRequired />
      {decline.data && <Results results={decline.data} people={people} />}
    </FormDialog>
  );
}
