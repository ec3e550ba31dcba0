import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Badge } from "../../ui/Guards";
import { Table } from "../../ui/Table";
import { said } from "./moment";
import { useNames } from "./people";

type Affected = Schemas["Affected"];

/** What becomes of what is held ahead, one by one. */
export function ImpactList({ impact }: { impact: Schemas["Impact"] }) {
  const nameOf = useNames();
  const changed = impact.affected.filter((one) => one.becomes !== "keep");
  const columns = [
    { name: m.admin_when(), cell: (one: Affected) => <When one={one} /> },
    { name: m.admin_person(), cell: (one: Affected) => nameOf(one.userId) },
    { name: m.admin_becomes(), cell: (one: Affected) => <Becomes one={one} /> },
  ];
  return (
    <div className="grid gap-3">
      <p role="status">
        {m.admin_impact({ considered: impact.considered, changed: changed.length })}
        {!impact.complete && ` ${m.admin_impact_more()}`}
      </p>
      {impact.affected.length > 0 && (
        <Table label={m.admin_impact_list()} columns={columns} rows={impact.affected} keyOf={(one) => one.reservationId} />
      )}
    </div>
  );
}

function When({ one }: { one: Affected }) {
  return (
    <Link to="/reservations/$reservationId" params={{ reservationId: one.reservationId }} search={{}} className="underline underline-offset-4">
      {said(one.start)}
    </Link>
  );
}

function Becomes({ one }: { one: Affected }) {
  const reasons = one.reasons.length > 0 && <span className="block text-note text-soft">{one.reasons.join(", ")}</span>;
  return <>{wordOf(one)}{reasons}</>;
}

function wordOf(one: Affected) {
  switch (one.becomes) {
    case "keep":
      return <Badge tone="go">{m.admin_becomes_keep()}</Badge>;
    case "cleared":
      return <Badge tone="go">{m.admin_becomes_cleared()}</Badge>;
    case "flag":
      return <Badge tone="wait">{m.admin_becomes_flag()}</Badge>;
    case "renew_by":
      return <Badge tone="wait">{m.admin_becomes_renew({ time: one.until ? said(one.until) : "" })}</Badge>;
    case "cancel":
      return <Badge tone="stop">{m.admin_becomes_cancel()}</Badge>;
  }
}
