import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api, MARK, type Schemas } from "../api/client";
import { asProblem, type ProblemError } from "../api/problem";
import { Checklist } from "../app/Checklist";
import { Intent } from "../lib/intent";
import { longDay, dayAndClock, offsetName, range } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { ProblemNotice } from "../ui/ProblemNotice";
import { nearest, type Slot } from "./grid";

interface ConfirmProps {
  machine: Schemas["Resource"];
  moved: Schemas["Reservation"] | undefined;
  slot: Slot;
  slots: readonly Slot[];
  type: number | undefined;
  zone: string;
  onSlot(slot: Slot): void;
  onTaken(): void;
}

/** The chosen time on both clocks, why it is closed if it is, and the act itself. */
export function Confirm(props: ConfirmProps) {
  const { machine, moved, slot, zone } = props;
  const panel = useRef<HTMLElement>(null);
  const act = useAct(props);
  const locale = getLocale();
  useEffect(() => panel.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <section
      ref={panel}
      aria-label={m.chosen_time()}
      className="sticky bottom-16 z-10 grid max-h-[70dvh] gap-4 overflow-y-auto rounded-cut border border-edge border-t-3 border-t-enamel bg-plate p-4 shadow-xl sm:bottom-3 sm:p-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
        <div>
          <p className="figures text-lead font-semibold">
            {longDay(slot.start, zone, locale)}, {range(slot.start, slot.end, zone, locale)}{" "}
            <span className="text-note text-soft">{offsetName(slot.start, zone)}</span>
          </p>
          {zone !== machine.timeZone && (
            <p className="figures text-note text-soft">
              {(machine.kind === "host" ? m.at_host : m.at_machine)({ time: `${longDay(slot.start, machine.timeZone, locale)}, ${range(slot.start, slot.end, machine.timeZone, locale)}` })}
            </p>
          )}
        </div>
        {slot.bookable && !act.problem && (
          <Button look="main" className="min-h-12 w-full sm:w-auto sm:px-8" onPress={act.run} isPending={act.isPending}>
            {act.isPending ? m.reserving() : moved ? m.confirm_move() : m.confirm()}
          </Button>
        )}
      </div>
      {!slot.bookable && <Checklist reasons={slot.reasons ?? []} machineId={machine.id} />}
      {act.problem && <Outcome {...props} problem={act.problem} onRetry={act.run} />}
    </section>
  );
}

function useAct({ machine, moved, slot, type, onTaken }: ConfirmProps) {
  const intent = useRef(new Intent());
  const client = useQueryClient();
  const navigate = useNavigate();
  const send = useMutation({
    mutationFn: async () => {
      const key = intent.current.keyFor(`${moved?.id ?? machine.id} ${slot.start} ${type ?? ""}`);
      return moved ? reschedule(moved.id, slot.start, key) : create(machine.id, slot.start, type, key);
    },
    onSuccess: async (reservation) => {
      intent.current.settle();
      if (!reservation) return;
      await client.invalidateQueries();
      void navigate({
        to: "/reservations/$reservationId",
        params: { reservationId: reservation.id },
        search: { from: moved ? "move" : "reserve" },
      });
    },
    onError: (error) => {
      const problem = asProblem(error);
      // A refusal for good ends the wish; what may pass is tried again under the same key.
      if (!problem.isPassing) intent.current.settle();
      if (problem.code === "slot_taken") onTaken();
    },
  });
  const problem = send.error ? asProblem(send.error) : undefined;
  return { run: () => send.mutate(), isPending: send.isPending, problem };
}

async function create(machineId: string, start: string, type: number | undefined, key: string) {
  const params = { path: { machineId }, header: headers(key) };
  const body = type === undefined ? { start } : { start, eventTypeId: type };
  const { data } = await api.POST("/api/machines/{machineId}/reservations", { params, body });
  return data?.reservation;
}

async function reschedule(reservationId: string, start: string, key: string) {
  const params = { path: { reservationId }, header: headers(key) };
  const path = "/api/reservations/{reservationId}/reschedule";
  const { data } = await api.POST(path, { params, body: { start } });
  return data?.reservation;
}

function headers(key: string) {
  return { ...MARK, "Idempotency-Key": key };
}

interface OutcomeProps extends ConfirmProps {
  problem: ProblemError;
  onRetry(): void;
}

/** Every answer that is no reservation, with what to do about it. */
function Outcome({ problem, onRetry, machine, slot, slots, zone, onSlot }: OutcomeProps) {
  const canRetry = problem.isPassing || problem.status === 401;
  const lead = problem.code === "upstream_unavailable" ? m.nothing_reserved() : undefined;
  const others = problem.code === "slot_taken" ? nearest(slots, slot.start, 3) : [];
  return (
    <ProblemNotice error={problem} onRetry={canRetry ? onRetry : undefined} {...(lead ? { lead } : {})}>
      {problem.status === 0 && <p>{m.no_answer()}</p>}
      {problem.reasons.length > 0 && (
        <div className="w-full"><Checklist reasons={problem.reasons} machineId={machine.id} /></div>
      )}
      {others.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {others.map((other) => (
            <Button key={other.start} onPress={() => onSlot(other)} className="figures">
              {dayAndClock(other.start, zone, getLocale())}
            </Button>
          ))}
        </div>
      )}
    </ProblemNotice>
  );
}
