import type { CalendarDate } from "@internationalized/date";
import { useMemo } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import type { Schemas } from "../api/client";
import { mondayOf, offsetName, shortDay, zones } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { Select } from "../ui/Field";
import { MonthButton } from "./MonthButton";
import { NextFree } from "./NextFree";

type Resource = Schemas["Resource"];

interface Wanted {
  day?: string | undefined;
  zone?: string | undefined;
  type?: number | undefined;
}

interface ControlsProps {
  machine: Resource;
  zone: string;
  type: number | undefined;
  day: CalendarDate;
  /** A move keeps its length. */
  isFixed: boolean;
  set(next: Wanted): void;
}

/** Week, length and zone; all of them live in the address. */
export function Controls({ machine, zone, type, day, isFixed, set }: ControlsProps) {
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end gap-x-8 gap-y-4">
        <WeekSteps {...{ machine, zone, type, day, set }} />
        {!isFixed && machine.eventTypes.length > 1 && <Lengths machine={machine} type={type} set={set} />}
        <ZoneSelect machine={machine} zone={zone} set={set} />
      </div>
      {zone !== machine.timeZone && (
        <p className="text-note text-soft">
          {(machine.kind === "host" ? m.host_zone : m.machine_zone)({
            zone: machine.timeZone,
            offset: offsetName(new Date().toISOString(), machine.timeZone),
          })}
        </p>
      )}
    </div>
  );
}

function WeekSteps({ machine, zone, type, day, set }: Omit<ControlsProps, "isFixed">) {
  const monday = mondayOf(day);
  const locale = getLocale();
  const span = `${shortDay(monday, locale)} – ${shortDay(monday.add({ days: 6 }), locale)}`;
  const go = (weeks: number) => set({ day: monday.add({ weeks }).toString() });
  return (
    <div role="group" aria-label={m.week()} className="flex flex-wrap items-center gap-2">
      <Button aria-label={m.previous_week()} onPress={() => go(-1)} className="w-11 px-0"><Arrow>←</Arrow></Button>
      <Button aria-label={m.next_week()} onPress={() => go(1)} className="w-11 px-0"><Arrow>→</Arrow></Button>
      <Button onPress={() => set({ day: undefined })}>{m.today()}</Button>
      <MonthButton day={day} zone={zone} onDay={(next) => set({ day: next.toString() })} />
      <NextFree machineId={machine.id} {...{ zone, type }} onDay={(next) => set({ day: next.toString() })} />
      <p aria-live="polite" className="figures w-full font-semibold sm:w-auto sm:px-2">{span}</p>
    </div>
  );
}

/** Points the other way where text runs from the right. */
function Arrow({ children }: { children: string }) {
  return <span className="rtl:-scale-x-100">{children}</span>;
}

function Lengths({ machine, type, set }: { machine: Resource; type: number | undefined; set: ControlsProps["set"] }) {
  return (
    <RadioGroup
      value={String(type)}
      onChange={(value) => set({ type: Number(value) })}
      orientation="horizontal"
      className="grid gap-1.5"
    >
      <Label className="text-note font-semibold text-soft">{m.length()}</Label>
      <div className="flex">
        {machine.eventTypes.map((one) => (
          <Radio
            key={one.id}
            value={String(one.id)}
            className="-ms-px flex min-h-11 cursor-pointer items-center border border-edge bg-plate px-4 font-semibold first:ms-0 first:rounded-s-cut last:rounded-e-cut hover:bg-well data-[selected]:border-enamel data-[selected]:bg-enamel data-[selected]:text-on-enamel"
          >
            {m.minutes({ count: one.durationMinutes })}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

/** The first choices are the two that matter; all others follow. */
function ZoneSelect({ machine, zone, set }: { machine: Resource; zone: string; set: ControlsProps["set"] }) {
  const options = useMemo(() => zones([machine.timeZone, zone]), [machine.timeZone, zone]);
  return (
    <Select
      label={m.times_in()}
      value={zone}
      options={options}
      onChange={(next) => set({ zone: next })}
      className="w-full sm:w-64"
    />
  );
}
