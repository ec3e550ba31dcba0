import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, MARK, type Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { useTrainingStatus } from "../app/coverage";
import { dialect } from "../lib/dialect";
import { position } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Empty, LoadingPage, Page, Plate } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { CoverageBar } from "../watch/CoverageBar";
import { htmlPlayer } from "../watch/htmlPlayer";
import type { PlayerFault } from "../watch/player";
import { SavedState } from "../watch/SavedState";
import { type Progress, type Saved, WatchSession } from "../watch/session";
import { admitsYouTube, youTubePlayer } from "../watch/youtube";

type Module = Schemas["Module"];
type Status = Schemas["TrainingStatus"];
const route = getRouteApi("/inside/training/$moduleId");

export default function Watch() {
  const { moduleId } = route.useParams();
  const modules = $api.useQuery("get", "/api/training/modules");
  const status = useTrainingStatus();
  const error = modules.error ?? status.error;
  if (error) {
    const retry = () => void (modules.error ? modules.refetch() : status.refetch());
    return <Page title={m.nav_training()}><ProblemNotice error={error} onRetry={retry} /></Page>;
  }
  if (!modules.data || !status.data) return <LoadingPage />;
  const module = modules.data.items.find((one) => one.id === moduleId);
  if (!module?.active) return <Gone />;
  if (module.youtubeVideoId && !admitsYouTube()) return <LoadAnew />;
  const standing = status.data.find((one) => one.moduleId === moduleId);
  return <Film key={module.id} module={module} status={standing} />;
}

/** The policy that lets YouTube in comes with the document, so the document must be this page's. */
function LoadAnew() {
  useEffect(() => location.reload(), []);
  return <LoadingPage />;
}

function Gone() {
  return (
    <Page title={m.nav_training()}>
      <Empty text={m.module_gone()}>
        <ButtonLink to="/training">{m.nav_training()}</ButtonLink>
      </Empty>
    </Page>
  );
}

function Film({ module, status }: { module: Module; status: Status | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const known = status?.gaps ?? [{ from: 0, to: module.durationSeconds }];
  const film = useFilm(module, place);
  const gaps = film.progress?.gaps ?? known;
  const percent = film.progress?.coveragePercent ?? status?.coveragePercent ?? 0;
  return (
    <Page title={module.title} over={m.nav_training()}>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid content-start gap-4">
          <div ref={place} className="aspect-video w-full overflow-hidden rounded-cut bg-black [&>*]:size-full" />
          {status?.declined && !status.completed && (
            <p className="border-s-3 border-stop bg-stop-wash p-3">{m.watch_declined({ reason: status.declined.reason })}</p>
          )}
          {film.fault && <Fault fault={film.fault} onRetry={film.again} />}
          <Unseen seconds={film.unseen} />
          <CoverageBar gaps={gaps} length={module.durationSeconds} place={film.place} onJump={film.seek} />
        </div>
        <Plate className="grid content-start gap-5 self-start">
          <p className="figures text-head font-bold tracking-tight">
            {Math.floor(percent)} %
            <span className="block text-note font-semibold tracking-normal text-soft">{m.watched_word()}</span>
          </p>
          <Rule rules={module.rules} />
          <SavedState saved={film.saved} />
          <Finish module={module} isEnough={film.progress?.completed ?? false} isDone={status?.completed ?? false} />
        </Plate>
      </div>
    </Page>
  );
}

/** What suffices, in the module's own figures, or in the usual ones where it has none. */
function Rule({ rules }: { rules: Module["rules"] }) {
  const figures = {
    percent: rules.completionPercent ?? 90,
    gap: rules.longestGapSeconds ?? 15,
    rate: (rules.maxRate ?? 1.5).toLocaleString(dialect(getLocale())),
  };
  return <p>{m.watch_rule(figures)}</p>;
}

/** What a page out of sight means: it counts, and the manager who looks at the record sees it. */
function Unseen({ seconds }: { seconds: number }) {
  return (
    <div role="status">
      {seconds > 0 && (
        <p className="border-s-3 border-wait bg-wait-wash p-3">{m.film_unseen({ time: position(seconds) })}</p>
      )}
    </div>
  );
}

function Fault({ fault, onRetry }: { fault: PlayerFault; onRetry(): void }) {
  const words: Record<PlayerFault, () => string> = {
    blocked: m.film_blocked,
    gone: m.film_gone,
    forbidden: m.film_forbidden,
    hidden: m.film_hidden,
    unplayable: m.film_broken,
  };
  return (
    <div role="alert" className="grid justify-items-start gap-3 rounded-cut border border-stop bg-stop-wash p-4">
      <p className="font-semibold">{words[fault]()}</p>
      <Button onPress={onRetry}>{m.retry()}</Button>
    </div>
  );
}

/** The film at YouTube where the module names one, else ours. */
function playerOf(module: Module) {
  const { youtubeVideoId, title } = module;
  return youtubeVideoId
    ? youTubePlayer(youtubeVideoId, title)
    : htmlPlayer(`/media/${module.id}.webm`, title);
}

/** Plays in `where`, from the first gap on: what was watched before is not watched again. */
function useFilm(module: Module, where: React.RefObject<HTMLDivElement | null>) {
  const [progress, setProgress] = useState<Progress>();
  const [saved, setSaved] = useState<Saved>("fresh");
  const [place, setPlace] = useState(0);
  const [fault, setFault] = useState<PlayerFault>();
  const [unseen, setUnseen] = useState(0);
  const [tries, setTries] = useState(0);
  const session = useRef<WatchSession>(undefined);
  useEffect(() => {
    if (!where.current) return;
    let isBegun = false;
    const events = {
      onProgress: (progress: Progress) => {
        const from = progress.gaps[0]?.from ?? 0;
        if (!isBegun && from > 0) opened.seek(from);
        isBegun = true;
        setProgress(progress);
      },
      onSaved: setSaved,
      onPlace: (seconds: number) => {
        // Whoever has begun already is where he wants to be.
        isBegun ||= seconds > 1;
        setPlace(seconds);
      },
      onReady: () => setFault(undefined),
      onBroken: setFault,
      onUnseen: (seconds: number) => setUnseen((sum) => sum + seconds),
    };
    const opened = new WatchSession(module.id, events, playerOf(module), where.current);
    session.current = opened;
    return () => opened.destroy();
    // What is known of the module may come anew without being another film.
  }, [module.id, module.title, module.youtubeVideoId, where, tries]);
  const seek = (seconds: number) => session.current?.seek(seconds);
  const again = () => {
    setFault(undefined);
    setTries((count) => count + 1);
  };
  return { progress, saved, place, fault, unseen, seek, again };
}

function Finish({ module, isEnough, isDone }: { module: Module; isEnough: boolean; isDone: boolean }) {
  const client = useQueryClient();
  const complete = useMutation({
    mutationFn: async () => {
      const body = { moduleId: module.id };
      return (await api.POST("/api/training/complete", { params: { header: MARK }, body })).data;
    },
    onSuccess: () => client.invalidateQueries(),
  });
  if (isDone || complete.data?.completed) {
    return (
      <div role="status" className="grid gap-3">
        <p className="font-semibold text-go">{m.module_complete()}</p>
        <ButtonLink to="/machines" search={{}} look="main">{m.to_machines()}</ButtonLink>
      </div>
    );
  }
  if (complete.data) return <p role="status" className="font-semibold text-wait">{m.needs_confirmation()}</p>;
  return (
    <div className="grid gap-3">
      <Button look="main" onPress={() => complete.mutate()} isDisabled={!isEnough} isPending={complete.isPending}>
        {m.complete()}
      </Button>
      {!isEnough && <p className="text-note text-soft">{m.complete_not_yet()}</p>}
      {complete.error && <ProblemNotice error={complete.error} onRetry={() => complete.mutate()} />}
    </div>
  );
}
