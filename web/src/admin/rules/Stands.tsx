import { useState } from "react";
import { usePlace } from "../../app/place";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Plate, Section } from "../../ui/Page";
import { said } from "../parts/moment";
import { useNames } from "../parts/people";
import { limitsBeside } from "../../rules/limits";
import { DecideDialog, type Decision } from "./DecideDialog";
import type { Policy } from "./draft";
import { kindName } from "./Overlays";
import { blockOf, type Overlay } from "./overlays";
import { type Save, type Standing, useRuleNames } from "./policy";
import { limits, proof } from "./sentences";

interface StandsProps {
  machineId: string;
  standing: Standing;
}

/** What is in force in sentences, and what waits to be. */
export function Stands({ machineId, standing }: StandsProps) {
  const { inForce, planned, proposal, needsSecond } = standing.overview;
  return (
    <>
      <Author save={inForce} />
      <Sentences machineId={machineId} policy={inForce.policy} />
      {needsSecond && <p className="text-soft">{m.admin_needs_second()}</p>}
      {proposal && <Waiting machineId={machineId} standing={standing} save={proposal} isProposal />}
      {planned.map((save) => <Waiting key={save.version} machineId={machineId} standing={standing} save={save} />)}
    </>
  );
}

/** Who saved it, when and why. */
export function Author({ save }: { save: Save }) {
  const nameOf = useNames();
  const { userId } = save.author as { userId?: string };
  return (
    <p className="text-soft">
      <span className="figures font-semibold text-ink">{m.admin_version({ version: save.version })}</span>{" "}
      {m.admin_saved_by({ name: nameOf(userId) || m.admin_the_house(), time: said(save.savedAt) })}
      {save.reason && <span className="block">“{save.reason}”</span>}
    </p>
  );
}

/** A policy as people say it. */
export function Sentences({ machineId, policy }: { machineId: string; policy: Policy }) {
  const names = useRuleNames();
  return (
    <div className="grid items-start gap-7 xl:grid-cols-2">
      <Section title={m.admin_proofs()}>
        {policy.requirements.length === 0 && <p>{m.admin_proofs_none()}</p>}
        <List items={policy.requirements.map((one) => proof(one, names))} />
      </Section>
      <Section title={m.admin_limits()}>
        <List items={limits(policy, names)} />
        <p className="text-note text-soft">{m.admin_rule_zone({ zone: policy.timeZone })}</p>
      </Section>
      {(policy.overlays ?? []).map((one) => <Beside key={one.eventTypeId} machineId={machineId} overlay={one} />)}
    </div>
  );
}

/** What one kind of reservation asks beside. */
function Beside({ machineId, overlay }: { machineId: string; overlay: Overlay }) {
  const names = useRuleNames();
  const kinds = usePlace(machineId).data?.eventTypes ?? [];
  const { requirements, rules } = blockOf(overlay);
  const items = [...requirements.map((one) => proof(one, names)), ...limitsBeside(rules, names.place)];
  return (
    <Section title={m.admin_overlay_of({ name: kindName(kinds, overlay.eventTypeId) })}>
      {items.length > 0 ? <List items={items} /> : <p>{m.admin_overlay_nothing()}</p>}
    </Section>
  );
}

function List({ items }: { items: string[] }) {
  return (
    <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
      {items.map((item) => (
        <li key={item} className="grid grid-cols-[auto_1fr] gap-x-3 bg-plate px-4 py-2.5">
          <i aria-hidden="true" className="mt-2 h-2 w-4 rounded-[1px] bg-enamel" />
          {item}
        </li>
      ))}
    </ul>
  );
}

/** Something saved that is not in force: it waits for its day, or for a second person. */
function Waiting({ machineId, standing, save, isProposal = false }: StandsProps & { save: Save; isProposal?: boolean }) {
  const [decision, setDecision] = useState<Decision>();
  return (
    <Plate className="grid gap-3">
      <Badge tone="wait">
        {isProposal ? m.admin_proposed() : m.admin_planned({ time: said(save.effectiveFrom) })}
      </Badge>
      <Author save={save} />
      <Sentences machineId={machineId} policy={save.policy} />
      <div className="flex flex-wrap gap-3">
        {isProposal && <Button look="main" onPress={() => setDecision({ confirm: save.version })}>{m.admin_confirm()}</Button>}
        <Button onPress={() => setDecision({ withdraw: save.version })}>{m.admin_withdraw()}</Button>
      </div>
      {decision && <DecideDialog machineId={machineId} tag={standing.tag} decision={decision} onClose={() => setDecision(undefined)} />}
    </Plate>
  );
}
