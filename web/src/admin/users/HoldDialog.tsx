import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { FormDialog } from "../parts/FormDialog";
import { useChange } from "./change";

interface HoldProps {
  user: Schemas["User"];
  onClose(): void;
}

/** Whether what is held of a person must be kept for legal reasons. */
export function HoldDialog({ user, onClose }: HoldProps) {
  const isHeld = user.legalHold ?? false;
  const change = useChange(user, (one) => one.legalHold, onClose);
  return (
    <FormDialog
      title={isHeld ? m.admin_hold_lift_title({ name: user.name }) : m.admin_hold_title({ name: user.name })}
      submit={isHeld ? m.admin_hold_lift() : m.admin_hold()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate({ legalHold: !isHeld })}
      isPending={change.isPending}
      error={change.error}
    >
      <p>{isHeld ? m.admin_hold_lift_text() : m.admin_hold_text()}</p>
    </FormDialog>
  );
}
