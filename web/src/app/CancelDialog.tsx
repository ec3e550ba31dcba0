import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Form, Heading } from "react-aria-components";
import { api, MARK, type Schemas } from "../api/client";
import { asProblem } from "../api/problem";
import { Intent } from "../lib/intent";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { AppDialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Checklist } from "./Checklist";

interface CancelProps {
  one: Schemas["Reservation"];
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

/** Names what is given back, asks why, and says what came of it. */
export function CancelDialog({ one, isOpen, onOpenChange }: CancelProps) {
  const [reason, setReason] = useState("");
  const cancel = useCancel(one.id, reason, () => onOpenChange(false));
  const problem = cancel.error ? asProblem(cancel.error) : undefined;
  return (
    <AppDialog isOpen={isOpen} onOpenChange={onOpenChange}>
      <Heading slot="title" className="text-title font-semibold">{m.cancel_title()}</Heading>
      <p>{m.cancel_effect({ name: one.resource.name, time: dayAndClock(one.start, ownZone(), getLocale()) })}</p>
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          cancel.mutate();
        }}
      >
        <TextField label={m.cancel_why()} value={reason} onChange={setReason} rows={2} maxLength={500} isRequired />
        {problem && (
          <ProblemNotice error={problem}>
            {problem.reasons.length > 0 && <Checklist reasons={problem.reasons} machineId={one.resource.id} />}
          </ProblemNotice>
        )}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onPress={() => onOpenChange(false)}>{m.keep()}</Button>
          <Button type="submit" look="stop" isPending={cancel.isPending}>{m.cancel()}</Button>
        </div>
      </Form>
    </AppDialog>
  );
}

function useCancel(reservationId: string, reason: string, onDone: () => void) {
  const intent = useRef(new Intent());
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const header = { ...MARK, "Idempotency-Key": intent.current.keyFor(reason) };
      const params = { path: { reservationId }, header };
      await api.POST("/api/reservations/{reservationId}/cancel", { params, body: { reason } });
    },
    onSuccess: async () => {
      intent.current.settle();
      onDone();
      await client.invalidateQueries();
    },
    onError: (error) => {
      if (!asProblem(error).isPassing) intent.current.settle();
    },
  });
}
