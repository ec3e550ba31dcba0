import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Empty, Loading, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { useAct } from "../parts/act";
import { Fault, FormDialog } from "../parts/FormDialog";
import { said } from "../parts/moment";
import { type Page, readAll } from "../parts/pages";
import { type Place, useMachines, usePlaceNames } from "../parts/places";
import { ExemptDialog } from "./ExemptDialog";
import { codeName } from "./codes";

type One = Schemas["Exemption"];

interface ExemptionsProps {
  user: Schemas["User"];
  me: Schemas["User"];
}

/** What somebody is exempt from on which machine; nobody exempts himself. */
export function Exemptions({ user, me }: ExemptionsProps) {
  const [isGranting, setGranting] = useState(false);
  const list = useExemptions(user.id);
  return (
    <Section title={m.admin_exemptions()}>
      {list.isPending && <Loading rows={1} />}
      {list.error && <Fault error={list.error} onRetry={list.retry} />}
      {list.data?.length === 0 && <Empty text={m.admin_exemptions_none()} />}
      {list.data && list.data.length > 0 && (
        <Table label={m.admin_exemptions()} columns={COLUMNS()} rows={list.data} keyOf={(one) => one.id} />
      )}
      {user.id !== me.id && (
        <Button className="justify-self-start" onPress={() => setGranting(true)}>{m.admin_exempt()}</Button>
      )}
      {isGranting && <ExemptDialog user={user} me={me} onClose={() => setGranting(false)} />}
    </Section>
  );
}

/** They are kept by machine, so each machine that the caller may see is asked. */
function useExemptions(userId: string) {
  const machines = useMachines();
  const found = useQuery({
    queryKey: ["exemptions", userId, machines.data?.map(({ id }) => id)],
    enabled: machines.data !== undefined,
    queryFn: async ({ signal }) => {
      const all = await Promise.all((machines.data ?? []).map((place) => readOf(place, signal)));
      return all.flat().filter((one) => one.userId === userId);
    },
  });
  const retry = () => void (machines.error ? machines.refetch() : found.refetch());
  const error = machines.error ?? found.error;
  return { data: found.data, error, isPending: !found.data && !error, retry };
}

/** A machine that is not in the caller's charge tells nothing. */
async function readOf({ id: machineId }: Place, signal: AbortSignal): Promise<One[]> {
  const read = async (from: { cursor?: string }) => {
    const params = { path: { machineId }, query: { exemptions: true, limit: 100, ...from } };
    const { data } = await api.GET("/api/machines/{machineId}/policy", { params, signal });
    return data as Page<One> | undefined;
  };
  try {
    return await readAll<One>(read, { most: 10 });
  } catch (error) {
    if (asProblem(error).code === "role_required") return [];
    throw error;
  }
}

const COLUMNS = () => [
  { name: m.machine(), cell: (one: One) => <On one={one} /> },
  { name: m.admin_exempt_from(), cell: (one: One) => <ul>{one.codes.map((code) => <li key={code}>{codeName(code)}</li>)}</ul> },
  { name: m.admin_when(), cell: (one: One) => <>{said(one.startsAt)} – {said(one.endsAt)}</> },
  { name: m.admin_state(), cell: (one: One) => <State one={one} /> },
  { name: m.admin_used(), cell: (one: One) => one.used, isFigure: true },
  { name: m.admin_act(), cell: (one: One) => <End one={one} /> },
];

function On({ one }: { one: One }) {
  const nameOf = usePlaceNames();
  return (
    <>
      {nameOf(one.machineId)}
      <span className="block text-note font-normal text-soft">“{one.reason}”</span>
    </>
  );
}

function isOver(one: One): boolean {
  return one.revoked !== undefined || Date.parse(one.endsAt) <= Date.now();
}

function State({ one }: { one: One }) {
  if (one.revoked) return <Badge tone="quiet">{m.admin_exempt_back({ time: said(one.revoked.at) })}</Badge>;
  if (isOver(one)) return <Badge tone="quiet">{m.admin_exempt_over()}</Badge>;
  const isAhead = Date.parse(one.startsAt) > Date.now();
  return isAhead ? <Badge tone="wait">{m.admin_exempt_ahead()}</Badge> : <Badge tone="go">{m.admin_exempt_runs()}</Badge>;
}

function End({ one }: { one: One }) {
  const [isAsking, setAsking] = useState(false);
  const nameOf = usePlaceNames();
  const name = nameOf(one.machineId);
  const close = () => setAsking(false);
  const end = useAct(() => {
    const path = { machineId: one.machineId, exemptionId: one.id };
    return api.DELETE("/api/machines/{machineId}/exemptions/{exemptionId}", { params: { path, header: MARK } });
  }, close);
  if (isOver(one)) return null;
  return (
    <>
      <Button className="min-h-9! px-3! py-1!" aria-label={`${m.admin_exempt_end()}: ${name}`} onPress={() => setAsking(true)}>
        {m.admin_exempt_end()}
      </Button>
      <FormDialog
        title={m.admin_exempt_end_title({ name })}
        submit={m.admin_exempt_end()}
        look="stop"
        isOpen={isAsking}
        onClose={close}
        onSubmit={() => end.mutate()}
        isPending={end.isPending}
        error={end.error}
      >
        <p>{m.admin_exempt_end_text({ count: one.used })}</p>
      </FormDialog>
    </>
  );
}
