import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, MARK, type Schemas } from "../api/client";
import { isHost } from "../api/place";
import { asProblem, type Reason } from "../api/problem";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { titleOf } from "../ui/words";
import { useModuleTitles } from "./coverage";

type NextStep = Schemas["NextStep"];

interface ChecklistProps {
  reasons: readonly Reason[];
  machineId: string;
  /** The caller's own request that waits already. */
  asked?: Schemas["CheckoutWish"] | undefined;
  /** Coverage by module, where it is known. */
  coverage?: ReadonlyMap<string, number>;
}

/** Everything that stands in the way, each with the step that removes it. */
export function Checklist({ reasons, machineId, asked, coverage }: ChecklistProps) {
  return (
    <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
      {reasons.map((reason, at) => (
        <li key={`${reason.code}-${at}`} className="grid gap-3 bg-plate p-4 sm:grid-cols-[1fr_auto] sm:items-center">
          <div className="grid grid-cols-[auto_1fr] gap-x-3">
            <Sign severity={reason.severity} />
            <div>
              <p className="font-semibold">{reason.sentence ?? reason.code}</p>
              <Facts reason={reason} coverage={coverage} />
            </div>
          </div>
          <Steps reason={reason} machineId={machineId} asked={asked} />
        </li>
      ))}
    </ul>
  );
}

function Sign({ severity }: { severity: Reason["severity"] }) {
  const look = severity === "block" ? "border-2 border-wait" : "bg-go";
  return <i aria-hidden="true" className={`mt-1.5 h-3 w-5 rounded-[1px] ${look}`} />;
}

function Facts({ reason, coverage }: { reason: Reason; coverage: ChecklistProps["coverage"] }) {
  const titles = useModuleTitles();
  const module = reason.parameters["moduleId"];
  const title = module === undefined ? undefined : titles.get(module);
  const percent = module === undefined ? undefined : coverage?.get(module);
  const from = reason.trueFrom;
  return (
    <p className="text-note text-soft">
      {title && <span className="font-semibold">{title}. </span>}
      {percent !== undefined && percent > 0 && <span>{m.watched({ percent: Math.round(percent) })} </span>}
      {from && <span>{m.true_from({ time: dayAndClock(from, ownZone(), getLocale()) })} </span>}
      {reason.oneOf && <span>{m.one_of()}</span>}
      {percent !== undefined && percent > 0 && <Watched percent={percent} />}
    </p>
  );
}

/** How much of a training is watched, which the words beside it say, too. */
function Watched({ percent }: { percent: number }) {
  return (
    <span aria-hidden="true" className="mt-1.5 block h-1.5 max-w-56 overflow-hidden rounded-[1px] bg-well">
      <i className="block h-full bg-go" style={{ width: `${Math.min(100, percent)}%` }} />
    </span>
  );
}

function Steps({ reason, machineId, asked }: { reason: Reason; machineId: string; asked: ChecklistProps["asked"] }) {
  return (
    <div className="flex flex-wrap gap-2 sm:justify-end">
      {reason.nextSteps.map((step) => (
        <Step key={step.action} {...{ step, reason, machineId, asked }} />
      ))}
    </div>
  );
}

interface StepProps {
  step: NextStep;
  reason: Reason;
  machineId: string;
  asked: ChecklistProps["asked"];
}

function Step({ step, reason, machineId, asked }: StepProps) {
  // Only machines have somebody who is asked for a checkout by the API.
  if (step.action === "ask_for_checkout" && !isHost(machineId)) return <AskForCheckout machineId={machineId} asked={asked} />;
  if (step.action === "accept_document") return <AcceptDocument reason={reason} machineId={machineId} />;
  const name = nameOf(step);
  if (!step.href) return <span className="text-note font-semibold text-soft">{name}</span>;
  return (
    <Link
      to={step.href}
      className="inline-flex min-h-11 items-center rounded-cut border border-edge px-4 py-2 font-semibold hover:border-ink hover:bg-well"
    >
      {name}
    </Link>
  );
}

function nameOf(step: NextStep): string {
  switch (step.action) {
    case "watch_training":
      return step.estimatedSeconds
        ? m.step_watch_minutes({ minutes: Math.max(1, Math.round(step.estimatedSeconds / 60)) })
        : m.step_watch();
    case "choose_other_time":
      return m.step_other_time();
    case "try_later":
    case "wait":
      return step.at
        ? m.step_later_from({ time: dayAndClock(step.at, ownZone(), getLocale()) })
        : m.step_later();
    case "choose_other_duration":
      return m.step_other_duration();
    case "choose_other_machine":
      return m.step_other_machine();
    case "cancel_reservation":
      return m.step_cancel_other();
    case "reserve":
      return m.reserve();
    case "bring_company":
      return m.step_company();
    default:
      return m.step_staff();
  }
}

function AskForCheckout({ machineId, asked }: { machineId: string; asked: ChecklistProps["asked"] }) {
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: async () => {
      const params = { path: { machineId }, header: MARK };
      return (await api.POST("/api/machines/{machineId}/checkout-requests", { params, body: {} })).data;
    },
    onSuccess: () => client.invalidateQueries(),
  });
  const wish = ask.data?.request ?? asked;
  if (wish) {
    const time = dayAndClock(wish.requestedAt, ownZone(), getLocale());
    return <p role="status" className="text-note font-semibold text-go">{m.checkout_asked({ time })}</p>;
  }
  return (
    <div className="grid gap-1">
      <Button onPress={() => ask.mutate()} isPending={ask.isPending}>{m.step_ask_checkout()}</Button>
      {ask.error && <p role="alert" className="text-note text-stop">{titleOf(asProblem(ask.error))}</p>}
    </div>
  );
}

function AcceptDocument({ reason, machineId }: { reason: Reason; machineId: string }) {
  const client = useQueryClient();
  const accept = useMutation({
    mutationFn: async () => {
      const { document = "", version = "1" } = reason.parameters;
      const body = { document, version: Number(version) };
      const params = { path: { machineId }, header: MARK };
      return (await api.POST("/api/machines/{machineId}/documents", { params, body })).data;
    },
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="grid gap-1">
      <Button onPress={() => accept.mutate()} isPending={accept.isPending}>{m.step_accept()}</Button>
      {accept.error && <p role="alert" className="text-note text-stop">{titleOf(asProblem(accept.error))}</p>}
    </div>
  );
}
