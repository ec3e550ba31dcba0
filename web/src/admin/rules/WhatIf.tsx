import { useMutation } from "@tanstack/react-query";
import { api, MARK, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Bars } from "../../ui/Bars";
import { Fault } from "../parts/FormDialog";
import { Section } from "../../ui/Page";
import { Work } from "../../ui/Work";
import { ImpactList } from "../parts/Impact";
import type { Policy } from "./draft";

type Preview = Schemas["PolicyPreview"];
type Member = Preview["members"]["gained"][number];

/** How far back is looked for what would have been refused, in days. */
const PAST_DAYS = 30;

/** Tries rules over all members, page after page, and over what is held. */
export function usePreview(machineId: string) {
  return useMutation({
    mutationFn: async (policy: Policy): Promise<Preview> => {
      const first = await ask(machineId, policy);
      let { nextCursor: cursor } = first.members;
      const members = structuredClone(first.members);
      while (cursor) {
        const { members: more } = await ask(machineId, policy, cursor);
        add(members, more);
        cursor = more.nextCursor;
      }
      return { ...first, members };
    },
  });
}

async function ask(machineId: string, policy: Policy, cursor?: string): Promise<Preview> {
  const params = { path: { machineId }, header: MARK, query: cursor ? { cursor } : {} };
  const body = { policy, pastDays: PAST_DAYS };
  const { data } = await api.POST("/api/machines/{machineId}/policy/preview", { params, body });
  if (!data) throw ProblemError.unreachable();
  return data;
}

function add(members: Preview["members"], more: Preview["members"]): void {
  members.considered += more.considered;
  members.eligibleBefore += more.eligibleBefore;
  members.eligibleAfter += more.eligibleAfter;
  members.gained.push(...more.gained);
  members.lost.push(...more.lost);
  for (const name of ["gainedByReason", "lostByReason"] as const) {
    for (const [code, count] of Object.entries(more[name])) members[name][code] = (members[name][code] ?? 0) + count;
  }
}

interface WhatIfProps {
  preview: ReturnType<typeof usePreview>;
  machineId: string;
  /** Whether what is shown is about the rules as they are typed. */
  isCurrent: boolean;
}

/** Who gains, who loses, and what becomes of what is held. */
export function WhatIf({ preview, isCurrent }: WhatIfProps) {
  if (preview.isPending) return <Work label={m.admin_judging()} />;
  if (preview.error) return <Fault error={preview.error} />;
  if (!preview.data) return <p className="text-soft">{m.admin_try_text()}</p>;
  if (!isCurrent) return <p role="status" className="text-soft">{m.admin_try_again()}</p>;
  const { members, reservations, past } = preview.data;
  const refused = Object.entries(past?.refusedByReason ?? {});
  return (
    <Section title={m.admin_what_if()}>
      <p role="status" className="figures text-lead">
        {m.admin_members_now({ before: members.eligibleBefore, after: members.eligibleAfter, all: members.considered })}
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <People title={m.admin_gained({ count: members.gained.length })} people={members.gained} sign="+" />
        <People title={m.admin_lost({ count: members.lost.length })} people={members.lost} sign="−" />
      </div>
      {Object.keys(members.lostByReason).length > 0 && (
        <Bars title={m.admin_lost_by()} unit={m.admin_people()} bars={bars(Object.entries(members.lostByReason))} />
      )}
      {reservations && <ImpactList impact={reservations} />}
      {past && <p>{m.admin_past({ days: past.days, considered: past.considered, refused: past.refused.length })}</p>}
      {refused.length > 0 && <Bars title={m.admin_refused_by()} unit={m.admin_reservations()} bars={bars(refused)} />}
    </Section>
  );
}

function bars(counts: [string, number][]) {
  return counts.map(([name, value]) => ({ name, value, text: String(value) }));
}

function People({ title, people, sign }: { title: string; people: readonly Member[]; sign: string }) {
  return (
    <div className="grid content-start gap-2">
      <h3 className="font-semibold">{title}</h3>
      {people.length > 0 && (
        <ul className="grid max-h-72 gap-px overflow-y-auto rounded-cut border border-line bg-line" tabIndex={0} aria-label={title}>
          {people.map((one) => (
            <li key={one.userId} className="grid grid-cols-[1.25rem_1fr] bg-plate px-4 py-2">
              <span aria-hidden="true" className="font-bold">{sign}</span>
              <span>
                {one.name}
                <span className="block text-note text-soft">{one.reasons.join(", ")}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
