import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, MARK } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { ProblemNotice } from "../../ui/ProblemNotice";

/**
 * A code of the second factor right where one is asked for, so that nothing typed is lost.
 * No form of its own, because it stands within the one that was refused.
 */
export function StepUp() {
  const [code, setCode] = useState("");
  const show = useMutation({
    mutationFn: () => {
      const body = { code: code.replace(/\s/g, "") };
      return api.POST("/api/auth/step-up", { params: { header: MARK }, body });
    },
  });
  if (show.isSuccess) return <p role="status" className="font-semibold text-go">{m.admin_step_up_done()}</p>;
  return (
    <div className="grid gap-3">
      <TextField label={m.code()} autoComplete="one-time-code" inputMode="numeric" value={code} onChange={setCode} maxLength={64} />
      {show.error && <ProblemNotice error={show.error} />}
      <Button className="justify-self-start" isDisabled={!code.trim()} isPending={show.isPending} onPress={() => show.mutate()}>
        {m.admin_step_up()}
      </Button>
    </div>
  );
}
