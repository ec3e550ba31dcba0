import { useState } from "react";
import { api, MARK } from "../../api/client";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

/** What is wanted of a save that exists. */
export type Decision = { confirm: number } | { withdraw: number } | { rollBackTo: number };

interface DecideProps {
  machineId: string;
  tag: string;
  decision: Decision;
  onClose(): void;
}

/** Says yes to a proposal, takes back what waits, or brings an older save back; always with a reason. */
export function DecideDialog({ machineId, tag, decision, onClose }: DecideProps) {
  const [reason, setReason] = useState("");
  const decide = useAct(() => {
    const params = { path: { machineId }, header: { ...MARK, "If-Match": tag } };
    return api.PUT("/api/machines/{machineId}/policy", { params, body: { ...decision, reason } });
  }, onClose);
  return (
    <FormDialog
      title={titleOf(decision)}
      submit={submitOf(decision)}
      isOpen
      onClose={onClose}
      onSubmit={() => decide.mutate()}
      isPending={decide.isPending}
      error={decide.error}
    >
      <TextField label={m.cancel_why()} value={reason} onChange={setReason} rows={2} maxLength={500} isRequired />
    </FormDialog>
  );
}

/** What the press does, in its own word. */
function submitOf(decision: Decision): string {
  if ("confirm" in decision) return m.admin_confirm();
  if ("withdraw" in decision) return m.admin_withdraw();
  return m.admin_save();
}

function titleOf(decision: Decision): string {
  if ("confirm" in decision) return m.admin_confirm_title({ version: decision.confirm });
  if ("withdraw" in decision) return m.admin_withdraw_title({ version: decision.withdraw });
  return m.admin_roll_back_title({ version: decision.rollBackTo });
}
