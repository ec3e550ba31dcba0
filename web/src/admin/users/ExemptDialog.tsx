import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Select, TextField } from "../../ui/Field";
import { Loading } from "../../ui/Page";
import { useAct } from "../parts/act";
import { Fault, FormDialog } from "../parts/FormDialog";
import { instantOf } from "../parts/moment";
import { type From, readAll } from "../parts/pages";
import { useMachines } from "../parts/places";
import { holds } from "../parts/rank";
import { codeName, OVERRIDABLE } from "./codes";
import { Choices } from "./ScopeDialog";

type Readiness = Schemas["Readiness"];

interface ExemptProps {
  user: Schemas["User"];
  me: Schemas["User"];
  onClose(): void;
}

/** Lets somebody past named reasons on one machine, for a time and with words for the person. */
export function ExemptDialog({ user, me, onClose }: ExemptProps) {
  const machines = useMachines();
  const [wish, setWish] = useState({ machineId: "", codes: [] as string[], from: "", until: "", reason: "" });
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  const machineId = wish.machineId || (machines.data?.[0]?.id ?? "");
  const [startsAt, endsAt] = [instantOf(wish.from), instantOf(wish.until)];
  const grant = useAct(() => {
    const params = { path: { machineId }, header: MARK };
    const body = { userId: user.id, codes: wish.codes, endsAt: endsAt ?? "", reason: wish.reason, ...(startsAt ? { startsAt } : {}) };
    return api.POST("/api/machines/{machineId}/exemptions", { params, body });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_exempt_title({ name: user.name })}
      submit={m.admin_exempt()}
      isOpen
      onClose={onClose}
      onSubmit={() => grant.mutate()}
      isPending={grant.isPending}
      isReady={machineId !== "" && wish.codes.length > 0}
      error={grant.error}
    >
      {machines.isPending && <Loading rows={1} />}
      {machines.error && <Fault error={machines.error} onRetry={() => void machines.refetch()} />}
      {machines.data && (
        <Select
          label={m.machine()}
          value={machineId}
          options={machines.data.map(({ id, name }) => ({ id, name }))}
          onChange={(id) => set({ machineId: id, codes: [] })}
        />
      )}
      <Codes user={user} me={me} machineId={machineId} chosen={wish.codes} onChange={(codes) => set({ codes })} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label={m.admin_from()} hint={m.admin_from_hint()} type="datetime-local" value={wish.from} onChange={(from) => set({ from })} />
        <TextField label={m.admin_until_field()} hint={m.admin_exempt_until_hint()} type="datetime-local" value={wish.until} onChange={(until) => set({ until })} isRequired />
      </div>
      <TextField label={m.cancel_why()} hint={m.admin_exempt_why_hint()} rows={2} maxLength={2000} value={wish.reason} onChange={(reason) => set({ reason })} isRequired />
    </FormDialog>
  );
}

interface CodesProps extends Omit<ExemptProps, "onClose"> {
  machineId: string;
  chosen: readonly string[];
  onChange(codes: string[]): void;
}

/** What stands in the way now in the API's words, then all else that somebody may be let past. */
function Codes({ user, me, machineId, chosen, onChange }: CodesProps) {
  const readiness = useReadiness(user.id);
  if (readiness.isPending) return <Loading rows={2} />;
  if (readiness.error) return <Fault error={readiness.error} onRetry={() => void readiness.refetch()} />;
  const reasons = readiness.data.find((one) => one.id === machineId)?.reasons ?? [];
  const now = new Map(
    reasons
      .filter((one) => one.severity !== "condition" && one.overridableBy.some((role) => holds(me.roles, role)))
      .map((one) => [one.code, one.sentence ?? codeName(one.code)]),
  );
  const others = OVERRIDABLE.filter((code) => !now.has(code)).map((code) => ({ id: code, name: codeName(code) }));
  return (
    <>
      {now.size > 0 && (
        <Choices title={m.admin_exempt_now()} choices={[...now].map(([id, name]) => ({ id, name }))} chosen={chosen} onChange={onChange} />
      )}
      <Choices title={m.admin_exempt_other()} choices={others} chosen={chosen} onChange={onChange} />
    </>
  );
}

function useReadiness(userId: string) {
  return useQuery({
    queryKey: ["readiness-all", userId],
    queryFn: ({ signal }) =>
      readAll<Readiness>(async (from: From) => {
        const params = { path: { userId }, query: { kind: "machine" as const, limit: 100, ...from } };
        return (await api.GET("/api/users/{userId}/readiness", { params, signal })).data;
      }),
  });
}
