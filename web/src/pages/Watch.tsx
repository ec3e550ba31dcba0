import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, MARK, type Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { useTrainingStatus } from "../app/coverage";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { Empty, Loading, Page, Plate } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { CoverageBar } from "../watch/CoverageBar";
import { htmlPlayer } from "../watch/htmlPlayer";
import { type Progress, type Saved, WatchSession } from "../watch/session";

type Module = Schemas["Module"];
type Status = Schemas["TrainingStatus"];
const route = getRouteApi("/inside/training/$moduleId");

export default function Watch() {
  const { moduleId } = route.useParams();
  const modules = $api.useQuery("get", "/api/training/modules");
  const status = useTrainingStatus();
  const error = modules.error ?? status.error;
  if (error) {
    return <Page title={m.nav_training()}><ProblemNotice error={error} onRetry={() => void modules.refetch()} /></Page>;
  }
  if (!modules.data || !status.data) return <Loading />;
  const module = modules.data.items.find((one) => one.id === moduleId);
  if (!module?.active) return <Gone />;
  const standing = status.data.find((one) => one.moduleId === moduleId);
  return <Film key={module.id} module={module} status={standing} />;
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
  const film = useFilm(module, place);
  const gaps = film.progress?.gaps ?? status?.gaps ?? [{ from: 0, to: module.durationSeconds }];
  const percent = film.progress?.coveragePercent ?? status?.coveragePercent ?? 0;
  return (
    <Page title={module.title} over={m.nav_training()}>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid content-start gap-4">
          <div ref={place} className="aspect-video w-full overflow-hidden rounded-cut bg-black [&>video]:size-full" />
          {film.isBroken && <p role="alert" className="font-semibold text-stop">{m.film_broken()}</p>}
          <CoverageBar gaps={gaps} length={module.durationSeconds} place={film.place} onJump={film.seek} />
        </div>
        <Plate className="grid content-start gap-5 self-start">
          <p className="figures text-head font-bold tracking-tight">
            {Math.floor(percent)} %
            <span className="block text-note font-semibold tracking-normal text-soft">{m.watched_word()}</span>
          </p>
          <p>{m.watch_rule({ percent: module.rules.completionPercent ?? 90, gap: module.rules.longestGapSeconds ?? 15 })}</p>
          <SavedState saved={film.saved} />
          <Finish module={module} isEnough={film.progress?.completed ?? false} isDone={status?.completed ?? false} />
        </Plate>
      </div>
    </Page>
  );
}

function useFilm(module: Module, where: React.RefObject<HTMLDivElement | null>) {
  const [progress, setProgress] = useState<Progress>();
  const [saved, setSaved] = useState<Saved>({ state: "fresh" });
  const [place, setPlace] = useState(0);
  const [isBroken, setBroken] = useState(false);
  const session = useRef<WatchSession>(undefined);
  useEffect(() => {
    if (!where.current) return;
    const make = htmlPlayer(`/media/${module.id}.webm`, module.title);
    const events = {
      onProgress: setProgress,
      onSaved: setSaved,
      onPlace: setPlace,
      onReady: () => setBroken(false),
      onBroken: () => setBroken(true),
    };
    const opened = new WatchSession(module.id, events, make, where.current);
    session.current = opened;
    return () => opened.destroy();
  }, [module.id, module.title, where]);
  const seek = (seconds: number) => session.current?.seek(seconds);
  return { progress, saved, place, isBroken, seek };
}

function SavedState({ saved }: { saved: Saved }) {
  const words = {
    fresh: m.saved_fresh,
    saving: m.saved_saving,
    saved: m.saved_saved,
    unsaved: m.saved_unsaved,
  };
  const tone = saved.state === "unsaved" ? "text-stop" : "text-soft";
  return <p role="status" className={`text-note font-semibold ${tone}`}>{words[saved.state]()}</p>;
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
