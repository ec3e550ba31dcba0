import type { Schemas } from "../../api/client";
import { span } from "../../lib/time";
import { partsOf, secondsOf, written } from "./parts";

type Module = Schemas["Module"];
type Rules = Schemas["ModuleRules"];
export type Source = "own" | "youtube";
/** What of the film is another one than before; proofs of it are asked for anew. */
export type Changed = "nothing" | "everything" | "parts";

/** A module as it is typed; numbers and places are text until they are sent. */
export interface Wish {
  id: string;
  title: string;
  length: string;
  source: Source;
  video: string;
  active: boolean;
  tail: string;
  mustSee: string;
  prerequisites: string[];
  percent: string;
  gap: string;
  rate: string;
  minimum: string;
  grace: string;
  changed: Changed;
  changedParts: string;
  graceDays: string;
}

const text = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));
const number = (value: string) => (value.trim() === "" ? undefined : Number(value));

/** What stands in the fields at first: the module as it is, or an empty one. */
export function wishOf(module: Module | undefined): Wish {
  const { completionPercent, longestGapSeconds, maxRate, minimumWatchedSeconds, versionGraceDays } = module?.rules ?? {};
  return {
    id: module?.id ?? "mod_",
    title: module?.title ?? "",
    length: module ? span(module.durationSeconds) : "",
    source: module?.youtubeVideoId ? "youtube" : "own",
    video: module?.youtubeVideoId ?? "",
    active: module?.active ?? true,
    tail: text(module?.ignoredTailSeconds || undefined),
    mustSee: written(module?.mustSee ?? []),
    prerequisites: module?.prerequisites ?? [],
    percent: text(completionPercent),
    gap: text(longestGapSeconds),
    rate: text(maxRate),
    minimum: text(minimumWatchedSeconds),
    grace: text(versionGraceDays),
    changed: "nothing",
    changedParts: "",
    graceDays: "",
  };
}

const videoOf = ({ source, video }: Wish) => (source === "youtube" ? video.trim() : undefined);

/** Whether the film is another one, so that what changed of it must be said. */
export function isOther(module: Module, wish: Wish): boolean {
  return secondsOf(wish.length) !== module.durationSeconds || videoOf(wish) !== module.youtubeVideoId;
}

/** Whether everything that is typed can be read. */
export function isReadable(wish: Wish): boolean {
  const parts = wish.changed === "parts" ? [wish.mustSee, wish.changedParts] : [wish.mustSee];
  return secondsOf(wish.length) !== undefined && parts.every((part) => partsOf(part) !== undefined);
}

function rulesOf(wish: Wish): Rules {
  return {
    completionPercent: number(wish.percent) ?? null,
    longestGapSeconds: number(wish.gap) ?? null,
    maxRate: number(wish.rate) ?? null,
    minimumWatchedSeconds: number(wish.minimum) ?? null,
    versionGraceDays: number(wish.grace) ?? null,
  };
}

function factsOf(wish: Wish) {
  return {
    title: wish.title.trim(),
    durationSeconds: secondsOf(wish.length) ?? 0,
    active: wish.active,
    ignoredTailSeconds: number(wish.tail) ?? 0,
    mustSee: partsOf(wish.mustSee) ?? [],
    prerequisites: wish.prerequisites,
    rules: rulesOf(wish),
  };
}

/** What makes it; without an id of its own the API draws one. */
export function createBody(wish: Wish): Schemas["CreateModuleRequest"] {
  const id = wish.id.trim();
  const video = videoOf(wish);
  return {
    ...factsOf(wish),
    ...(id === "" || id === "mod_" ? {} : { id }),
    ...(video === undefined ? {} : { youtubeVideoId: video }),
  };
}

/** What changes it: only what differs is sent, so that nothing another person set is set back. */
export function updateBody(module: Module, wish: Wish): Schemas["UpdateModuleRequest"] {
  const before: Record<string, unknown> = { ...factsOf(wishOf(module)), youtubeVideoId: module.youtubeVideoId };
  const after: Record<string, unknown> = { ...factsOf(wish), youtubeVideoId: videoOf(wish) };
  const differs = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const facts = Object.fromEntries(differs.map((name) => [name, after[name] ?? null]));
  if (wish.changed === "nothing") return facts;
  const changed = wish.changed === "everything" ? ("everything" as const) : (partsOf(wish.changedParts) ?? []);
  const days = number(wish.graceDays);
  return { ...facts, changed, ...(days === undefined ? {} : { graceDays: days }) };
}
