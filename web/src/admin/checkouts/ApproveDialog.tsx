import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { ProblemError, type Reason } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";
import { areDone, type Result, Results } from "./Results";

interface ApproveProps {
  machine: { id: string; name: string };
  people: readonly { id: string; name: string }[];
  /** What the person still lacks, where it is one person. */
  reasons?: readonly Reason[];
  onClose(): void;
}

/** A manager's yes for one person or several, with its terms; what became of each stays on the page. */
export function ApproveDialog({ machine, people, reasons = [], onClose }: ApproveProps) {
  const [terms, setTerms] = useState({ level: "", days: "", notes: "" });
  const [together, setTogether] = useState(false);
  const approve = useApprove(machine.id, people, { ...terms, together }, onClose);
  const open = reasons.filter((reason) => reason.severity === "block" && !reason.code.startsWith("checkout_"));
  const set = (part: Partial<typeof terms>) => setTerms({ ...terms, ...part });
  return (
    <FormDialog
      title={m.admin_approve_title({ machine: machine.name })}
      submit={m.admin_approve()}
      isOpen
      onClose={onClose}
      onSubmit={() => approve.mutate()}
      isPending={approve.isPending}
      error={approve.error}
    >
      <p className="font-semibold">{people.map((person) => person.name).join(", ")}</p>
      {open.length > 0 && (
        <div className="border-s-3 border-wait bg-wait-wash p-3">
          <p className="font-semibold text-wait">{m.admin_approve_early()}</p>
          <ul>{open.map((reason, at) => <li key={`${reason.code}${at}`}>“{reason.sentence ?? reason.code}”</li>)}</ul>
        </div>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label={m.admin_level_field()} hint={m.admin_level_hint()} type="number" inputMode="numeric" value={terms.level} onChange={(level) => set({ level })} />
        <TextField label={m.admin_days_field()} hint={m.admin_days_hint()} type="number" inputMode="numeric" value={terms.days} onChange={(days) => set({ days })} />
      </div>
      <TextField label={m.admin_seen()} hint={m.admin_seen_hint()} rows={2} value={terms.notes} onChange={(notes) => set({ notes })} maxLength={500} />
      {people.length > 1 && <Check label={m.admin_together()} isSelected={together} onChange={setTogether} />}
      {approve.data && <Results results={approve.data} people={people} />}
    </FormDialog>
  );
}

function useApprove(
  machineId: string,
  people: ApproveProps["people"],
  terms: { level: string; days: string; notes: string; together: boolean },
  onDone: () => void,
) {
  return useAct(
    async (): Promise<Result[]> => {
      const { level, days, notes, together } = terms;
      const only = people.length === 1 ? people[0] : undefined;
      const body: Schemas["CheckoutRequest"] = {
        decision: "approve",
        ...(only ? { userId: only.id } : { userIds: people.map((person) => person.id), together }),
        ...(level ? { level: Number(level) } : {}),
        ...(days ? { validForDays: Number(days) } : {}),
        ...(notes.trim() ? { notes: notes.trim() } : {}),
      } as Schemas["CheckoutRequest"];
      const params = { path: { machineId }, header: MARK };
      const { data } = await api.POST("/api/machines/{machineId}/checkout", { params, body });
      if (!data) throw ProblemError.unreachable();
      return "results" in data ? data.results : [];
    },
    (results) => {
      if (areDone(results)) onDone();
    },
  );
}
