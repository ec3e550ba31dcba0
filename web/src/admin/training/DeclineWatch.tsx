import { useState } from "react";
import { api, MARK } from "../../api/client";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { useAct } from "../parts/act";
import { FormDialog } from "../parts/FormDialog";

interface DeclineProps {
  user: { id: string; name: string };
  module: { id: string; title: string };
  onClose(): void;
}

/** A manager's no to what somebody watched, with its reason. */
export function DeclineWatch({ user, module, onClose }: DeclineProps) {
  const [reason, setReason] = useState("");
  const decline = useAct(() => {
    const body = { moduleId: module.id, userId: user.id, decline: { reason } };
    return api.POST("/api/training/complete", { params: { header: MARK }, body });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_watch_decline_title({ title: module.title, name: user.name })}
      submit={m.admin_watch_decline()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => decline.mutate()}
      isPending={decline.isPending}
      error={decline.error}
    >
      <p>{m.admin_watch_decline_text()}</p>
      <TextField label={m.cancel_why()} rows={2} maxLength={2000} value={reason} onChange={setReason} isRequired />
    </FormDialog>
  );
}
