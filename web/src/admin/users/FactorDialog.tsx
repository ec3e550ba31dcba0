import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { useAct } from "../parts/act";
import { FormDialog } from "../parts/FormDialog";

interface FactorProps {
  user: Schemas["User"];
  onClose(): void;
}

/** Takes the second factor of somebody who lost it away. */
export function FactorDialog({ user, onClose }: FactorProps) {
  const reset = useAct(
    () => api.DELETE("/api/users/{userId}/factor", { params: { path: { userId: user.id }, header: MARK } }),
    onClose,
  );
  return (
    <FormDialog
      title={m.admin_factor_title({ name: user.name })}
      submit={m.admin_factor_reset()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => reset.mutate()}
      isPending={reset.isPending}
      error={reset.error}
    >
      <p>{m.admin_factor_text()}</p>
    </FormDialog>
  );
}
