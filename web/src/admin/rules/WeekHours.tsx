import { m } from "../../paraglide/messages";
import { clock, type Day, DAYS, dayName, type Week } from "../../rules/week";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { replaced } from "./varied";

/** As many stretches of a day as the API takes. */
const MOST = 24;
const SMALL = "min-h-9! px-3! py-1!";
const WHOLE = { opens: "09:00:00", closes: "17:00:00" };
/** Where hours begin when they are set at all. */
const USUAL: Week = { monday: [WHOLE], tuesday: [WHOLE], wednesday: [WHOLE], thursday: [WHOLE], friday: [WHOLE] };

interface HoursProps {
  /** What is said by the tick. */
  check: string;
  label: string;
  value: Week | null;
  onChange(next: Week | null): void;
}

/** Hours of a week, or none. */
export function Hours({ check, label, value, onChange }: HoursProps) {
  return (
    <div className="grid gap-3">
      <Check label={check} isSelected={value !== null} onChange={(on) => onChange(on ? USUAL : null)} />
      {value && <WeekHours label={label} week={value} onChange={onChange} />}
    </div>
  );
}

function WeekHours({ label, week, onChange }: { label: string; week: Week; onChange(next: Week): void }) {
  return (
    <fieldset className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
      <legend className="sr-only">{label}</legend>
      {DAYS.map((day) => (
        <OneDay
          key={day}
          day={day}
          parts={week[day] ?? []}
          onChange={(parts) => {
            const { [day]: _, ...rest } = week;
            onChange(parts.length > 0 ? { ...rest, [day]: parts } : rest);
          }}
        />
      ))}
    </fieldset>
  );
}

type Part = NonNullable<Week[string]>[number];

function OneDay({ day, parts, onChange }: { day: Day; parts: readonly Part[]; onChange(next: Part[]): void }) {
  const name = dayName(day);
  return (
    <div role="group" aria-label={name} className="grid items-start gap-3 bg-plate p-3 sm:grid-cols-[8rem_1fr_auto]">
      <p className="pt-1 font-semibold">{name}</p>
      <ul className="grid gap-3">
        {parts.length === 0 && <li className="pt-1 text-soft">{m.admin_hours_closed()}</li>}
        {parts.map((part, at) => (
          <Stretch key={at} day={name} part={part} onChange={(next) => onChange(replaced(parts, at, next))} />
        ))}
      </ul>
      <Button
        className={`${SMALL} justify-self-start`}
        aria-label={m.admin_hours_add_on({ day: name })}
        isDisabled={parts.length >= MOST}
        onPress={() => onChange([...parts, after(parts.at(-1))])}
      >
        {m.admin_hours_add()}
      </Button>
    </div>
  );
}

/** A stretch that begins where the one before ends. */
function after(last: Part | undefined): Part {
  return last && last.closes !== "00:00:00" ? { opens: last.closes, closes: "00:00:00" } : WHOLE;
}

function Stretch({ day, part, onChange }: { day: string; part: Part; onChange(next: Part | undefined): void }) {
  const set = (end: "opens" | "closes", time: string) => time && onChange({ ...part, [end]: `${time}:00` });
  const hours = `${clock(part.opens)}–${clock(part.closes)}`;
  return (
    <li className="flex flex-wrap items-center gap-2">
      <TextField label={m.admin_hours_opens({ day })} type="time" value={clock(part.opens)} onChange={(time) => set("opens", time)} className="[&_label]:sr-only" />
      <span aria-hidden="true">–</span>
      <TextField label={m.admin_hours_closes({ day })} type="time" value={clock(part.closes)} onChange={(time) => set("closes", time)} className="[&_label]:sr-only" />
      <Button className={SMALL} aria-label={m.admin_hours_remove_on({ hours, day })} onPress={() => onChange(undefined)}>{m.admin_remove()}</Button>
    </li>
  );
}
