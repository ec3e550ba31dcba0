import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { StatusBadge } from "../../app/status";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Plate } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { said } from "../parts/moment";

type Simulation = Schemas["Simulation"];
const route = getRouteApi("/inside/admin/webhooks");

/** A delivery that was kept, or one that is pasted: what it would lead to now. Nothing is written. */
export function Simulate() {
  const { delivery = "" } = route.useSearch();
  const [id, setId] = useState(delivery);
  const [text, setText] = useState("");
  const simulate = useMutation({
    mutationFn: async (): Promise<Simulation> => {
      const body = id.trim() ? { deliveryId: id.trim() } : (read(text) as Schemas["Delivery"]);
      const { data } = await api.POST("/api/webhooks/simulate", { params: { header: MARK }, body });
      if (!data) throw ProblemError.unreachable();
      return data.simulation;
    },
  });
  const isBroken = text.trim() !== "" && read(text) === undefined;
  return (
    <div className="grid gap-5 xl:grid-cols-2">
      <Form
        className="grid content-start gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          simulate.mutate();
        }}
      >
        <p>{m.admin_simulate_text()}</p>
        <TextField label={m.admin_delivery_id()} value={id} onChange={setId} />
        <TextField
          label={m.admin_payload()}
          hint={m.admin_payload_hint()}
          rows={8}
          value={text}
          onChange={setText}
          error={isBroken ? m.admin_json_broken() : undefined}
          isDisabled={id.trim() !== ""}
          spellCheck="false"
          className="[&_textarea]:font-mono [&_textarea]:text-note"
        />
        <Button type="submit" look="main" className="justify-self-start" isPending={simulate.isPending} isDisabled={!id.trim() && (isBroken || !text.trim())}>
          {m.admin_simulate()}
        </Button>
      </Form>
      <div className="grid content-start gap-4">
        {simulate.error && <Fault error={simulate.error} />}
        <div role="status">{simulate.data && <Outcome simulation={simulate.data} />}</div>
      </div>
    </div>
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Outcome({ simulation }: { simulation: Simulation }) {
  const { trigger, outcome, reason, step, changes, calls } = simulation;
  type Change = Simulation["changes"][number];
  const columns = [
    { name: m.admin_when(), cell: (one: Change) => said(one.start) },
    { name: m.admin_before(), cell: (one: Change) => (one.before ? <StatusBadge status={one.before} /> : "–") },
    { name: m.admin_after(), cell: (one: Change) => <StatusBadge status={one.after} /> },
  ];
  return (
    <Plate className="grid gap-4">
      <p className="font-mono text-note">{trigger}</p>
      <Badge tone={outcome === "applied" ? "go" : "wait"}>{outcomeName(outcome)}</Badge>
      {(reason ?? step) && <p>{[step, reason].filter(Boolean).join(" · ")}</p>}
      {changes.length === 0 ? <p>{m.admin_no_changes()}</p> : <Table label={m.admin_changes()} columns={columns} rows={changes} keyOf={(one) => one.reservationId} />}
      {calls.length > 0 && <p>{m.admin_calls({ calls: calls.join(", ") })}</p>}
    </Plate>
  );
}

function outcomeName(outcome: Simulation["outcome"]): string {
  switch (outcome) {
    case "applied":
      return m.admin_delivery_applied();
    case "ignored":
      return m.admin_delivery_ignored();
    case "waiting":
      return m.admin_delivery_waiting();
    case "quarantined":
      return m.admin_delivery_quarantined();
  }
}
