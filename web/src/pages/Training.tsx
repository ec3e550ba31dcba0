import { Link } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { useTrainingStatus } from "../app/coverage";
import { dayAndClock, ownZone, position } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { ButtonLink } from "../ui/ButtonLink";
import { Badge } from "../ui/Guards";
import { Empty, Loading, Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { CoverageBar } from "../watch/CoverageBar";
import { daysLeft, resumesAt, standingOf } from "../watch/standing";

type Module = Schemas["Module"];
type Status = Schemas["TrainingStatus"];

export default function Training() {
  const modules = $api.useQuery("get", "/api/training/modules");
  const status = useTrainingStatus();
  const error = modules.error ?? status.error;
  const retry = () => {
    void modules.refetch();
    void status.refetch();
  };
  const active = modules.data?.items.filter((module) => module.active) ?? [];
  const known = new Map(status.data?.map((one) => [one.moduleId, one]));
  const done = active.filter((module) => known.get(module.id)?.completed).length;
  const isKnown = modules.data && status.data;
  return (
    <Page
      title={m.nav_training()}
      aside={isKnown && active.length > 0 && <Done done={done} all={active.length} />}
    >
      {error && <ProblemNotice error={error} onRetry={retry} />}
      {!isKnown && !error && <Loading />}
      {isKnown && active.length === 0 && (
        <Empty text={m.training_none()}>
          <ButtonLink to="/machines" search={{}}>{m.nav_machines()}</ButtonLink>
        </Empty>
      )}
      {isKnown && (
        <ul className="grid gap-4">
          {active.map((module) => <Item key={module.id} module={module} status={known.get(module.id)} />)}
        </ul>
      )}
    </Page>
  );
}

/** How many are completed, with a ring that says the same. */
function Done({ done, all }: { done: number; all: number }) {
  return (
    <div className="flex items-center gap-3">
      <svg viewBox="0 0 36 36" aria-hidden="true" className="size-11 -rotate-90 fill-none">
        <circle cx="18" cy="18" r="15" strokeWidth="5" className="stroke-line" />
        <circle cx="18" cy="18" r="15" strokeWidth="5" pathLength="100" strokeDasharray={`${(100 * done) / all} 100`} className="stroke-go" />
      </svg>
      <p className="text-lead font-semibold">{m.modules_done({ done, all })}</p>
    </div>
  );
}

function Item({ module, status }: { module: Module; status: Status | undefined }) {
  const length = module.durationSeconds;
  const place = resumesAt(status);
  const days = daysLeft(status, Date.now());
  const gaps = status?.completed ? [] : (status?.gaps ?? [{ from: 0, to: length }]);
  return (
    <li className="relative grid gap-4 rounded-cut border border-line bg-plate p-5 transition-colors hover:border-edge">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="text-title font-semibold tracking-tight">
          <Link to="/training/$moduleId" params={{ moduleId: module.id }} className="after:absolute after:inset-0">
            {module.title}
          </Link>
        </h2>
        <Standing status={status} />
      </div>
      <CoverageBar gaps={gaps} length={length} />
      <p className="text-note text-soft">
        {m.minutes({ count: Math.ceil(length / 60) })}
        {status && !status.completed && ` · ${m.watched({ percent: Math.round(status.coveragePercent) })}`}
        {place !== undefined && ` · ${m.resume_at({ time: position(place) })}`}
        {days !== undefined && ` · ${m.expires_in({ count: days })}`}
      </p>
    </li>
  );
}

function Standing({ status }: { status: Status | undefined }) {
  switch (standingOf(status)) {
    case "completed": {
      const time = status?.completedAt && dayAndClock(status.completedAt, ownZone(), getLocale());
      return <Badge tone="go">{time ? m.completed_on({ time }) : m.completed()}</Badge>;
    }
    case "asked":
      return <Badge tone="wait">{m.needs_confirmation()}</Badge>;
    case "declined":
      return <Badge tone="stop">{m.watch_declined_short()}</Badge>;
    case "expired":
      return <Badge tone="stop">{m.expired()}</Badge>;
    case "begun":
      return <Badge tone="wait">{m.in_progress()}</Badge>;
    case "new":
      return <Badge tone="quiet">{m.not_started()}</Badge>;
  }
}
