import { useRef, useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { Intent } from "../../lib/intent";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Fault, FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";
import { said } from "../parts/moment";

/** A reservation that waits for a yes: the yes, or a no with its reason. */
export function Answer({ one, name }: { one: Schemas["Reservation"]; name: string }) {
  const [isDeclining, setDeclining] = useState(false);
  const intent = useRef(new Intent());
  const approve = useAct(() => {
    const header = { ...MARK, "Idempotency-Key": intent.current.keyFor("approve") };
    const params = { path: { reservationId: one.id }, header };
    return api.POST("/api/reservations/{reservationId}/approve", { params, body: {} });
  });
  const about = `${name}, ${said(one.start)}`;
  return (
    <div className="grid gap-2">
      {one.awaiting && <p className="text-note text-soft">{m.admin_held_until({ time: said(one.awaiting.holdUntil) })}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          look="main"
          className="min-h-9! px-3! py-1!"
          aria-label={`${m.admin_approve()}: ${about}`}
          isPending={approve.isPending}
          onPress={() => approve.mutate()}
        >
          {m.admin_approve()}
        </Button>
        <Button className="min-h-9! px-3! py-1!" aria-label={`${m.admin_decline()}: ${about}`} onPress={() => setDeclining(true)}>
          {m.admin_decline()}
        </Button>
      </div>
      {approve.error && <Fault error={approve.error} />}
      {isDeclining && <Decline one={one} about={about} onClose={() => setDeclining(false)} />}
    </div>
  );
}

function Decline({ one, about, onClose }: { one: Schemas["Reservation"]; about: string; onClose(): void }) {
  const [reason, setReason] = useState("");
  const intent = useRef(new Intent());
  const decline = useAct(() => {
    const header = { ...MARK, "Idempotency-Key": intent.current.keyFor(reason) };
    const params = { path: { reservationId: one.id }, header };
    return api.POST("/api/reservations/{reservationId}/decline", { params, body: { reason } });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_decline_reservation()}
      submit={m.admin_decline()}
      look="stop"
      isOpen
      onClose={onClose}
      onSubmit={() => decline.mutate()}
      isPending={decline.isPending}
      error={decline.error}
    >
      <p className="font-semibold">{about}</p>
      <TextField label={m.cancel_why()} value={reason} onChange={setReason} rows={2} maxLength={500} isRequired />
    </FormDialog>
  );
}
