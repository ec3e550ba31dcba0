import { Link } from "@tanstack/react-router";
import { $api } from "../../api/hooks";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { Fault } from "../parts/FormDialog";
import { Loading, Plate } from "../../ui/Page";
import { useAct } from "../parts/act";
import { passed, said } from "../parts/moment";
import { replay } from "./Replay";
import { DeliveryBadge } from "./words";

const LOOK_AGAIN_MS = 1500;

/** One delivery: its masked body, its tries, what it changed, and the way to try it again. */
export function Detail({ deliveryId }: { deliveryId: string }) {
  const params = { path: { deliveryId } };
  const event = $api.useQuery("get", "/api/webhook-events/{deliveryId}", { params }, {
    refetchInterval: (query) => (query.state.data?.webhookEvent.state === "replaying" ? LOOK_AGAIN_MS : false),
  });
  const again = useAct(() => replay(deliveryId));
  if (event.isPending) return <Loading rows={2} />;
  if (event.error) return <Fault error={event.error} onRetry={() => void event.refetch()} />;
  const one = event.data.webhookEvent;
  return (
    <section aria-labelledby="delivery">
      <Plate className="grid gap-4 border-s-3 border-s-enamel">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <h2 id="delivery" className="text-title font-semibold tracking-tight">{one.trigger}</h2>
          <DeliveryBadge state={one.state} />
        </div>
        <Facts one={one} />
        {one.tries && <Tries one={one} tries={one.tries} />}
        <pre tabIndex={0} aria-label={m.admin_body()} className="max-h-80 overflow-auto rounded-cut bg-well p-3 font-mono text-note">
          {JSON.stringify(one.body, null, 2) ?? m.admin_no_body()}
        </pre>
        <div className="flex flex-wrap gap-3">
          <Button look="main" isPending={again.isPending} onPress={() => again.mutate()}>{m.admin_replay()}</Button>
          <ButtonLink to="/admin/webhooks" search={{ delivery: one.deliveryId }}>{m.admin_simulate()}</ButtonLink>
          <ButtonLink to="/admin/webhook-events" search={(old: object) => ({ ...old, open: undefined })} look="bare">{m.admin_close()}</ButtonLink>
        </div>
        {again.error && <Fault error={again.error} />}
      </Plate>
    </section>
  );
}

function Facts({ one }: { one: Schemas["WebhookEvent"] }) {
  const facts = [
    [m.admin_delivery_id(), <code key="id" className="font-mono text-note break-all">{one.deliveryId}</code>],
    [m.admin_received(), said(one.receivedAt)],
    [m.admin_latency(), one.settledAt && passed(one.receivedAt, one.settledAt)],
    [m.admin_attempts(), String(one.attempts)],
    [m.admin_replays(), String(one.replays)],
    [m.admin_error(), one.lastError],
    [m.admin_effect(), one.effect && `${one.effect.before ?? "–"} → ${one.effect.after}`],
    [m.request_id(), one.correlationId && <code key="request" className="font-mono text-note break-all">{one.correlationId}</code>],
    [m.reservation(), one.reservationId && <ToReservation key="to" id={one.reservationId} />],
  ] as const;
  return (
    <dl className="grid gap-x-8 gap-y-1 sm:grid-cols-[auto_1fr]">
      {facts.filter(([, fact]) => fact !== undefined).map(([name, fact]) => (
        <div key={name} className="contents">
          <dt className="font-semibold">{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

type Event = Schemas["WebhookEvent"];

/** Each try with what it came to and how long after the receipt. */
function Tries({ one, tries }: { one: Event; tries: NonNullable<Event["tries"]> }) {
  return (
    <section aria-label={m.admin_tries()} className="grid gap-2">
      <h3 className="font-semibold">{m.admin_tries()}</h3>
      <ol className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
        {tries.map((each, at) => (
          <li key={`${at}${each.at}`} className="flex flex-wrap items-baseline gap-x-5 gap-y-1 bg-plate p-3">
            <DeliveryBadge state={each.state} />
            <span className="text-note text-soft">{m.admin_try_after({ time: passed(one.receivedAt, each.at) })}</span>
            {each.error && <code className="font-mono text-note">{each.error}</code>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The reservation that a delivery is about. */
export function ToReservation({ id }: { id: string }) {
  return (
    <Link to="/reservations/$reservationId" params={{ reservationId: id }} search={{}} className="break-all underline underline-offset-4">{id}</Link>
  );
}
