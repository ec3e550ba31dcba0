import { useState } from "react";
import { api, MARK } from "../../api/client";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

interface RevokeProps {
  machine: { id: string; name: string };
  person: { id: string; name: string };
  onClose(): void;
}

/** Takes back what counts on a machine, or lowers it; the reason is kept for good. */
export function RevokeDialog({ machine, person, onClose }: RevokeProps) {
  const [reason, setReason] = useState("");
  const [toLevel, setLevel] = useState("");
  const revoke = useAct(
    () => {
      const params = { path: { machineId: machine.id, userId: person.id }, header: MARK };
      const body = { reason, ...(toLevel ? { toLevel: Number(toLevel) } : {}) };
      return api.DELETE("/api/machines/{machineId}/checkout/{userId}", { params, body });
    },
    onClose,
  );
  return (
    <FormDialog
      title={m.admin_revoke_title({ machine: machine.name })}
      submit={m.admin_revoke()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => revoke.mutate()}
      isPending={revoke.isPending}
      error={revoke.error}
    >
      <p>{m.admin_revoke_effect({ name: person.name, machine: machine.name })}</p>
      <TextField label={m.cancel_why()} value={reason} onChange={setReason} rows={2} maxLength={500} isRequired />
      <TextField label={m.admin_to_level()} hint={m.admin_to_level_hint()} type="number" inputMode="numeric" value={toLevel} onChange={setLevel} />
    </FormDialog>
  );
}
