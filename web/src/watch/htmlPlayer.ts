import type { PlayerEvents, PlayerFactory, PlayerState } from "./player";

/** A film that we serve ourselves, in the browser's own player. */
export function htmlPlayer(source: string, label: string): PlayerFactory {
  return (place, events) => {
    const video = document.createElement("video");
    video.src = source;
    video.controls = true;
    video.playsInline = true;
    video.preload = "metadata";
    video.setAttribute("aria-label", label);
    place.replaceChildren(video);
    const stop = listen(video, events);
    return {
      time: () => video.currentTime,
      rate: () => video.playbackRate,
      seek: (seconds) => {
        video.currentTime = seconds;
      },
      destroy: () => {
        stop();
        video.pause();
        video.remove();
      },
    };
  };
}

function listen(video: HTMLVideoElement, events: PlayerEvents): () => void {
  const states: [string, PlayerState][] = [
    ["playing", "playing"],
    ["pause", "paused"],
    ["waiting", "buffering"],
    ["ended", "ended"],
  ];
  const control = new AbortController();
  const on = (name: string, act: () => void) =>
    video.addEventListener(name, act, { signal: control.signal });
  for (const [name, state] of states) on(name, () => events.onState(state));
  on("loadedmetadata", () => events.onReady());
  on("seeked", () => events.onSeek());
  on("ratechange", () => events.onRate());
  on("error", () => events.onError("unplayable"));
  return () => control.abort();
}
