import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { Checklist } from "../app/Checklist";
import { useCoverage } from "../app/coverage";
import { reserveOf, usePlace, usePlaceId } from "../app/place";
import { dayAndClock, dayOf, dayOr, mondayOf, startOfDay, zoneOr } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Controls } from "../reserve/Controls";
import { Confirm } from "../reserve/Confirm";
import { columns, type Mark, type Slot } from "../reserve/grid";
import { NextFree } from "../reserve/NextFree";
import { Week } from "../reserve/Week";
import { Button } from "../ui/Button";
import { Empty, Loading, LoadingPage, Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

type Resource = Schemas["Resource"];
type Reservation = Schemas["Reservation"];

export default function Reserve() {
  const { move } = useSearch({ strict: false });
  const machine = usePlace(usePlaceId());
  const moved = $api.useQuery(
    "get",
    "/api/reservations/{reservationId}",
    { params: { path: { reservationId: move ?? "" } } },
    { enabled: move !== undefined },
  );
  const error = machine.error ?? moved.error;
  const retry = () => void (machine.error ? machine.refetch() : moved.refetch());
  if (error) return <Page title={m.reserve()}><ProblemNotice error={error} onRetry={retry} /></Page>;
  if (!machine.data || (move && !moved.data)) return <LoadingPage />;
  return <Picker machine={machine.data} moved={moved.data?.reservation} />;
}

function Picker({ machine, moved }: { machine: Resource; moved: Reservation | undefined }) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const zone = zoneOr(search.zone);
  const usual = machine.eventTypes.find((type) => type.default) ?? machine.eventTypes[0];
  const type = moved?.eventTypeId ?? search.type ?? usual?.id;
  const day = dayOr(search.day ?? (moved && dayOf(moved.start, zone).toString()), zone);
  const [slot, setSlot] = useState<Slot>();
  const [lost, setLost] = useState<readonly Mark[]>([]);
  const week = useWeek(machine.id, mondayOf(day), zone, type);
  const set = (next: Partial<typeof search>) => {
    setSlot(undefined);
    void navigate({ ...reserveOf(machine.id), search: (old) => ({ ...old, ...next }), replace: true });
  };
  const slots = week.data?.slots ?? [];
  const marks: Mark[] = moved ? [{ start: moved.start, kind: "moved" }, ...lost] : [...lost];
  return (
    <Page
      title={moved ? m.move_title({ name: machine.name }) : m.reserve_title({ name: machine.name })}
      over={moved ? m.moved_from({ time: dayAndClock(moved.start, zone, getLocale()) }) : machine.category}
    >
      <Controls {...{ machine, zone, type, day, set }} isFixed={moved !== undefined} />
      {week.data?.stale && <p role="status" className="bg-wait-wash p-3 text-wait">{m.stale()}</p>}
      {week.isPending && <Loading rows={6} />}
      {week.error && <ProblemNotice error={week.error} onRetry={() => void week.refetch()} />}
      {week.data && <Blocked slots={slots} machineId={machine.id} />}
      {week.data && slots.length === 0 && (
        <Empty text={m.week_empty()}>
          <div className="flex flex-wrap items-center gap-3">
            <NextFree machineId={machine.id} {...{ zone, type }} onDay={(next) => set({ day: next.toString() })} />
            <Button onPress={() => set({ day: mondayOf(day).add({ weeks: 1 }).toString() })}>{m.next_week()}</Button>
          </div>
        </Empty>
      )}
      {slots.length > 0 && (
        <Week
          days={columns(mondayOf(day), slots, zone, marks)}
          {...{ day, zone, slot }}
          onDay={(next) => set({ day: next.toString() })}
          onSlot={setSlot}
        />
      )}
      {slot && (
        <Confirm
          key={slot.start}
          {...{ machine, moved, slot, slots, type, zone }}
          onSlot={setSlot}
          onTaken={() => {
            setLost((old) => [...old, { start: slot.start, kind: "lost" }]);
            void week.refetch();
          }}
        />
      )}
    </Page>
  );
}

function useWeek(machineId: string, monday: ReturnType<typeof mondayOf>, zone: string, type: number | undefined) {
  const query = {
    start: startOfDay(monday, zone),
    end: startOfDay(monday.add({ weeks: 1 }), zone),
    timeZone: zone,
    ...(type === undefined ? {} : { eventTypeId: type }),
  };
  const params = { path: { machineId }, query };
  return $api.useQuery("get", "/api/machines/{machineId}/availability", { params });
}

/** Where nothing in the week may be reserved for the same reasons, they are told once and first. */
function Blocked({ slots, machineId }: { slots: readonly Slot[]; machineId: string }) {
  const coverage = useCoverage();
  const first = slots[0];
  if (!first || slots.some((slot) => slot.bookable)) return null;
  const everywhere = (first.reasons ?? []).filter((reason) =>
    slots.every((slot) => slot.reasons?.some((other) => other.code === reason.code)),
  );
  if (everywhere.length === 0) return null;
  return (
    <section className="grid gap-3" aria-labelledby="blocked">
      <h2 id="blocked" className="text-title font-semibold tracking-tight">{m.blocked_title()}</h2>
      <Checklist reasons={everywhere} machineId={machineId} coverage={coverage} />
    </section>
  );
}
