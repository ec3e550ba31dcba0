import { useState } from "react";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Table } from "../../ui/Table";
import { titleOf } from "../../ui/words";
import { roleName } from "../parts/words";
import type { Fault, Row } from "./rows";
import type { Outcome } from "./run";

/** More rows at once than anybody reads. */
const STEP = 100;

interface RowsProps {
  rows: readonly Row[];
  outcomes: ReadonlyMap<number, Outcome>;
}

/** Each row with what stands against it or what became of it; what is wrong comes first. */
export function Rows({ rows, outcomes }: RowsProps) {
  const [shown, setShown] = useState(STEP);
  const rank = ({ verdict }: Row) => ({ bad: 0, twice: 1, known: 2, new: 3 })[verdict];
  const sorted = rows.toSorted((left, right) => rank(left) - rank(right) || left.line - right.line);
  const columns = [
    { name: m.import_line(), cell: (row: Row) => row.line, isFigure: true },
    { name: m.email(), cell: (row: Row) => <span className="break-all">{row.email || "–"}</span> },
    { name: m.admin_name(), cell: (row: Row) => row.name || "–" },
    { name: m.admin_roles(), cell: (row: Row) => row.verdict === "bad" ? row.roles.join(", ") : row.roles.map(roleName).join(", ") },
    { name: m.zone(), cell: (row: Row) => row.timeZone },
    { name: m.admin_state(), cell: (row: Row) => <State row={row} outcome={outcomes.get(row.line)} /> },
  ];
  return (
    <>
      <Table label={m.import_rows()} columns={columns} rows={sorted.slice(0, shown)} keyOf={(row) => String(row.line)} />
      {shown < sorted.length && <Button className="justify-self-start" onPress={() => setShown(shown + STEP)}>{m.more()}</Button>}
    </>
  );
}

const FAULTS: Record<Fault, () => string> = {
  email: m.import_bad_email,
  name: m.import_bad_name,
  roles: m.import_bad_roles,
  zone: m.import_bad_zone,
};

function State({ row, outcome }: { row: Row; outcome: Outcome | undefined }) {
  if (outcome) {
    const { kind } = outcome;
    return <Badge tone={kind === "made" ? "go" : kind === "known" ? "quiet" : "stop"}>{became(outcome)}</Badge>;
  }
  switch (row.verdict) {
    case "new":
      return <Badge tone="wait">{m.import_new()}</Badge>;
    case "known":
      return <Badge tone="quiet">{m.import_known()}</Badge>;
    case "twice":
      return <Badge tone="stop">{m.import_twice()}</Badge>;
    case "bad":
      return <Badge tone="stop">{row.faults.map((fault) => FAULTS[fault]()).join("; ")}</Badge>;
  }
}

/** What became of a row that was sent, in words. */
function became(outcome: Outcome): string {
  switch (outcome.kind) {
    case "made":
      return m.import_made();
    case "known":
      return m.import_known();
    case "refused": {
      const { problem } = outcome;
      return [titleOf(problem), ...problem.fields.map(({ detail }) => detail)].join("; ");
    }
  }
}

export const HEAD = () => [m.import_line(), m.email(), m.admin_name(), m.admin_state()];

/** A row with its end, for a file. */
export function lineOf(row: Row, outcome: Outcome | undefined): string[] {
  const words = {
    new: () => m.import_new(),
    known: () => m.import_known(),
    twice: () => m.import_twice(),
    bad: () => row.faults.map((fault) => FAULTS[fault]()).join("; "),
  };
  return [String(row.line), row.email, row.name, outcome ? became(outcome) : words[row.verdict]()];
}
