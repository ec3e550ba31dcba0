import type { Schemas } from "../api/client";
import { usePlaceNames } from "../app/place";
import { m } from "../paraglide/messages";
import { closure } from "../rules/closures";
import { besideHours, hours, limitsBeside, parallel } from "../rules/limits";

type Resource = Schemas["Resource"];
type Shown = NonNullable<Resource["rules"]>;

/** When it is open, in the zone of the machine, and when it is not besides. */
export function Opening({ machine }: { machine: Resource }) {
  const { rules, timeZone } = machine;
  if (!rules) return <p>{m.opening_text()}</p>;
  const open = hours(rules.openingHours);
  return (
    <ul className="grid gap-1">
      {open.length === 0 && <li>{m.opening_always()}</li>}
      {open.map((sentence) => <li key={sentence}>{sentence}</li>)}
      {(rules.closures ?? []).map((one) => <li key={JSON.stringify(one)}>{closure(one, timeZone)}</li>)}
      <li className="text-note text-soft">{m.admin_rule_zone({ zone: timeZone })}</li>
    </ul>
  );
}

/** All else that holds for the person, and what single kinds ask beside. */
export function Limits({ rules, machine }: { rules: Shown; machine: Resource }) {
  const nameOf = usePlaceNames([rules, ...(rules.overlays ?? [])].flatMap(named));
  const titleOf = (id: number) => machine.eventTypes.find((type) => type.id === id)?.title ?? `#${id}`;
  return (
    <div className="grid gap-3">
      <List items={besideHours(rules, parallel(rules), nameOf)} />
      {(rules.overlays ?? []).map((one) => {
        const items = limitsBeside(one, nameOf);
        return items.length > 0 && (
          <div key={one.eventTypeId}>
            <p className="font-semibold">{m.admin_overlay_of({ name: titleOf(one.eventTypeId) })}</p>
            <List items={items} />
          </div>
        );
      })}
    </div>
  );
}

/** What else the rules speak of. */
const named = ({ area, contents }: Pick<Shown, "area" | "contents">) => [
  ...(area ? [area.resourceId] : []),
  ...(contents?.resourceIds ?? []),
];

function List({ items }: { items: readonly string[] }) {
  return (
    <ul className="grid gap-1">
      {items.map((item) => <li key={item}>{item}</li>)}
    </ul>
  );
}
