import { useQuery } from "@tanstack/react-query";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Loading, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { type Difference, differences, told } from "./diff";
import { type Policy, sendable } from "./draft";
import { readStanding, type Standing } from "./policy";
import { Author } from "./Stands";

interface ConflictProps {
  machineId: string;
  base: Standing;
  mine: Policy;
  /** Goes on from what somebody else saved, with these rules as the draft. */
  onSettled(theirs: Standing, draft: Policy): void;
}

/** Somebody saved other rules meanwhile: both stand side by side, and nothing is lost until one is chosen. */
export function Conflict({ machineId, base, mine, onSettled }: ConflictProps) {
  const now = useQuery({
    queryKey: ["policy", machineId, "conflict", base.tag],
    staleTime: 0,
    queryFn: () => readStanding(machineId),
  });
  if (now.isPending) return <Loading />;
  if (now.error) return <Fault error={now.error} onRetry={() => void now.refetch()} />;
  const theirs = sendable(now.data.overview.inForce.policy);
  const places = differences(theirs, mine);
  const columns = [
    { name: m.admin_place(), cell: (one: Difference) => <code className="font-mono text-note">{one.pointer}</code> },
    { name: m.admin_theirs(), cell: (one: Difference) => told(one.before) },
    { name: m.admin_mine(), cell: (one: Difference) => told(one.after) },
  ];
  return (
    <Section title={m.admin_conflict()}>
      <div role="alert" className="border-s-3 border-wait bg-wait-wash p-4">
        <p className="font-semibold">{m.admin_conflict_text()}</p>
        <Author save={now.data.overview.inForce} />
      </div>
      {places.length > 0 ? (
        <Table label={m.admin_conflict_table()} columns={columns} rows={places} keyOf={(one) => one.pointer} />
      ) : (
        <p>{m.admin_conflict_same()}</p>
      )}
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => onSettled(now.data, theirs)}>{m.admin_take_theirs()}</Button>
        <Button look="main" onPress={() => onSettled(now.data, mine)}>{m.admin_keep_mine()}</Button>
      </div>
    </Section>
  );
}
