import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { isHost } from "../api/place";
import { Checklist } from "../app/Checklist";
import { useCoverage } from "../app/coverage";
import { reserveOf, usePlace, usePlaceId } from "../app/place";
import { dayAndClock, ownZone } from "../lib/time";
import { Limits, Opening } from "../machines/Rules";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { ButtonLink } from "../ui/ButtonLink";
import { Badge, Guards } from "../ui/Guards";
import { Loading, LoadingPage, Page, Plate, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

type Resource = Schemas["Resource"];

/** A machine or a host: what stands in the way of a reservation, and all that is good to know. */
export default function Machine() {
  const id = usePlaceId();
  const machine = usePlace(id);
  if (machine.isPending) return <LoadingPage />;
  if (machine.error) {
    const title = isHost(id) ? m.host() : m.machine();
    return <Page title={title}><ProblemNotice error={machine.error} onRetry={() => void machine.refetch()} /></Page>;
  }
  return <Known machine={machine.data} />;
}

function Known({ machine }: { machine: Resource }) {
  return (
    <Page
      title={machine.name}
      over={machine.category}
      aside={
        <ButtonLink {...reserveOf(machine.id)} search={{}} look="main" className="min-h-12 px-7">
          {m.reserve()}
        </ButtonLink>
      }
    >
      <Outages machine={machine} />
      <Way machineId={machine.id} />
      <Facts machine={machine} />
    </Page>
  );
}

function Outages({ machine }: { machine: Resource }) {
  const zone = ownZone();
  return machine.outages?.map((outage) => (
    <div key={outage.id} className="rounded-cut border border-stop bg-stop-wash p-4">
      <Badge tone="stop">{m.outage({ from: dayAndClock(outage.startsAt, zone, getLocale()) })}</Badge>
      <p>{outage.reason}</p>
      {outage.endsAt && <p>{m.outage_until({ time: dayAndClock(outage.endsAt, zone, getLocale()) })}</p>}
    </div>
  ));
}

/** What the gate says of the person now, with the way to a yes. */
function Way({ machineId }: { machineId: string }) {
  const params = { path: { machineId } };
  const verdict = $api.useQuery("get", "/api/machines/{machineId}/eligibility", { params });
  const coverage = useCoverage();
  if (verdict.isPending) return <Loading rows={2} />;
  if (verdict.error) return <ProblemNotice error={verdict.error} onRetry={() => void verdict.refetch()} />;
  const { reasons, checkoutRequest } = verdict.data;
  const left = reasons.filter((reason) => reason.severity === "block").length;
  const isRefused = verdict.data.verdict === "refuse";
  return (
    <Section title={isHost(machineId) ? m.host_way() : m.your_way()}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {isRefused ? (
          <Badge tone="wait">{m.badge_steps({ count: left })}</Badge>
        ) : (
          <Badge tone="go">{m.way_open()}</Badge>
        )}
        <Guards open={isRefused ? left : 0} />
      </div>
      {reasons.length > 0 && (
        <Checklist reasons={reasons} machineId={machineId} asked={checkoutRequest} coverage={coverage} />
      )}
    </Section>
  );
}

/** What the machine tells of itself; nothing for what it does not. */
function Told({ label, text }: { label: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <>
      <dt className="font-semibold">{label}</dt>
      <dd className="whitespace-pre-line">{text}</dd>
    </>
  );
}

function Facts({ machine }: { machine: Resource }) {
  return (
    <Section title={m.how_it_is_reserved()}>
      <Plate>
        <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-[auto_1fr]">
          <dt className="font-semibold">{m.lengths()}</dt>
          <dd>
            <ul className="flex flex-wrap gap-x-5">
              {machine.eventTypes.map((type) => (
                <li key={type.id}>{m.minutes({ count: type.durationMinutes })}</li>
              ))}
            </ul>
          </dd>
          <dt className="font-semibold">{m.zone()}</dt>
          <dd>{machine.timeZone}</dd>
          <dt className="font-semibold">{m.opening()}</dt>
          <dd><Opening machine={machine} /></dd>
          {machine.rules && (
            <>
              <dt className="font-semibold">{m.rules_word()}</dt>
              <dd><Limits rules={machine.rules} machine={machine} /></dd>
            </>
          )}
          {machine.fourEyes && (
            <>
              <dt className="font-semibold">{m.checkout()}</dt>
              <dd>{m.four_eyes()}</dd>
            </>
          )}
          <Told label={m.machine_place()} text={machine.place} />
          <Told label={m.machine_description()} text={machine.description} />
          <Told label={m.machine_bring()} text={machine.bring} />
        </dl>
      </Plate>
    </Section>
  );
}
