import { useState } from "react";
import type { Schemas } from "../../api/client";
import { usePlace } from "../../app/place";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Loading, Plate } from "../../ui/Page";
import { Fault } from "../parts/FormDialog";
import type { Policy } from "./draft";
import { Numbers, OpenHours } from "./Limits";
import { blockOf, type Overlay, withOverlay } from "./overlays";
import { Proofs } from "./Proofs";
import { Quotas } from "./Quotas";

interface PartProps {
  machineId: string;
  draft: Policy;
  onChange(next: Policy): void;
}

/** What some kinds of reservation ask beside the policy; both apply, so the stricter wins. */
export function Overlays({ machineId, draft, onChange }: PartProps) {
  const place = usePlace(machineId);
  if (place.isPending) return <Loading rows={1} />;
  if (place.error) return <Fault error={place.error} onRetry={() => void place.refetch()} />;
  const { eventTypes } = place.data;
  const overlays = draft.overlays ?? [];
  const free = eventTypes.filter(({ id }) => overlays.every((one) => one.eventTypeId !== id));
  return (
    <div className="grid gap-5">
      <p className="text-soft">{m.admin_overlays_text()}</p>
      {overlays.map((one) => (
        <One key={one.eventTypeId} name={kindName(eventTypes, one.eventTypeId)} overlay={one} draft={draft} onChange={onChange} />
      ))}
      {free.length > 0 && (
        <Add free={free} onAdd={(id) => onChange(withOverlay(draft, id, blockOf({ eventTypeId: id } as Overlay)))} />
      )}
    </div>
  );
}

type Kind = Schemas["EventType"];

/** What a kind is called; one that is not offered any more by its number. */
export function kindName(kinds: readonly Kind[], id: number): string {
  return kinds.find((kind) => kind.id === id)?.title ?? `#${id}`;
}

interface OneProps extends Omit<PartProps, "machineId"> {
  name: string;
  overlay: Overlay;
}

function One({ name, overlay, draft, onChange }: OneProps) {
  const { eventTypeId } = overlay;
  const block = blockOf(overlay);
  const set = (next: typeof block | undefined) => onChange(withOverlay(draft, eventTypeId, next));
  return (
    <Plate className="grid gap-5">
      <section aria-label={name} className="grid gap-5">
        <div className="flex flex-wrap items-start justify-between gap-3">
          <h3 className="text-lead font-semibold">{name}</h3>
          <Button className="min-h-9! px-3! py-1!" aria-label={m.admin_proof_remove({ proof: name })} onPress={() => set(undefined)}>{m.admin_remove()}</Button>
        </div>
        <h4 className="font-semibold">{m.admin_proofs()}</h4>
        <Proofs draft={block} onChange={set} />
        <h4 className="font-semibold">{m.admin_limits()}</h4>
        <Numbers draft={block} onChange={set} />
        <h4 className="font-semibold">{m.admin_hours()}</h4>
        <OpenHours draft={block} onChange={set} />
        <h4 className="font-semibold">{m.admin_quotas()}</h4>
        <Quotas draft={block} onChange={set} />
      </section>
    </Plate>
  );
}

function Add({ free, onAdd }: { free: readonly Kind[]; onAdd(id: number): void }) {
  const [chosen, setChosen] = useState<string>();
  const id = free.some((kind) => String(kind.id) === chosen) ? chosen : String(free[0]?.id);
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select
        label={m.admin_overlay_new()}
        value={id ?? ""}
        options={free.map((kind) => ({ id: String(kind.id), name: kind.title }))}
        onChange={setChosen}
        className="w-full sm:w-96"
      />
      <Button onPress={() => onAdd(Number(id))}>{m.admin_overlay_add()}</Button>
    </div>
  );
}
