import { api, type Schemas } from "../../api/client";
import { VerdictBadge } from "../../app/VerdictBadge";
import { m } from "../../paraglide/messages";
import { Table } from "../../ui/Table";
import { Listed, usePages } from "../parts/pages";

type One = Schemas["Readiness"];

/** What somebody still lacks, machine by machine. */
export function Readiness({ userId, name }: { userId: string; name: string }) {
  const list = usePages<One>(["readiness", userId], async (from, signal) => {
    const params = { path: { userId }, query: { kind: "machine" as const, limit: 100, ...from } };
    return (await api.GET("/api/users/{userId}/readiness", { params, signal })).data;
  });
  const columns = [
    { name: m.machine(), cell: (one: One) => one.name },
    {
      name: m.admin_gate(),
      cell: (one: One) => <VerdictBadge verdict={one.verdict} count={one.reasons.filter(({ severity }) => severity === "block").length} />,
    },
    {
      name: m.admin_told(),
      cell: (one: One) => <ul>{one.reasons.map((reason, at) => <li key={`${reason.code}${at}`}>{reason.sentence ?? reason.code}</li>)}</ul>,
    },
  ];
  return (
    <Listed list={list} empty={m.machines_none()}>
      {(items) => <Table label={m.admin_matrix({ name })} columns={columns} rows={items} keyOf={(one) => one.id} />}
    </Listed>
  );
}
