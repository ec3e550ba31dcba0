import type { PlayerEvents, PlayerFactory, PlayerFault, PlayerState, VideoPlayer } from "./player";

/** What we use of YouTube's player. */
export interface YouTubePlayer {
  getCurrentTime(): number;
  getPlaybackRate(): number;
  getIframe(): HTMLIFrameElement;
  seekTo(seconds: number, allowSeekAhead: boolean): void;
  destroy(): void;
}

interface YouTubeOptions {
  host: string;
  videoId: string;
  width: string;
  height: string;
  playerVars: Record<string, string | number>;
  events: {
    onReady(): void;
    onStateChange(event: { data: number }): void;
    onPlaybackRateChange(): void;
    onError(event: { data: number }): void;
  };
}

/** What YouTube's script leaves in the window. */
export interface YouTube {
  Player: new (place: HTMLElement, options: YouTubeOptions) => YouTubePlayer;
}

declare global {
  interface Window {
    YT?: YouTube;
    onYouTubeIframeAPIReady?: () => void;
  }
}

/** The host that sets no cookies before something is played. */
const HOST = "https://www.youtube-nocookie.com";
export const SCRIPT = "https://www.youtube.com/iframe_api";
const PATIENCE_MS = 15_000;

/** Whether this document was loaded where `web/headers.json` lets YouTube in. */
export function admitsYouTube(): boolean {
  const [loaded] = performance.getEntriesByType("navigation");
  return loaded !== undefined && new URL(loaded.name).pathname.startsWith("/training/");
}

/** A film at YouTube. Nothing is asked of YouTube before the player is made. */
export function youTubePlayer(
  videoId: string,
  label: string,
  load: () => Promise<YouTube> = loadYouTube,
): PlayerFactory {
  return (place, events) => new Adapter(place, events, { videoId, label, load });
}

interface Film {
  videoId: string;
  label: string;
  load(): Promise<YouTube>;
}

/** Stands for the player from the start on; until YouTube's is there it stands at the beginning. */
class Adapter implements VideoPlayer {
  private player: YouTubePlayer | undefined;
  private isReady = false;
  private isGone = false;
  private wanted: number | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly events: PlayerEvents,
    private readonly film: Film,
  ) {
    film.load().then((api) => this.make(api), () => this.fail("blocked"));
  }

  time(): number {
    return this.known?.getCurrentTime() ?? this.wanted ?? 0;
  }

  rate(): number {
    return this.known?.getPlaybackRate() ?? 1;
  }

  /** What is wanted before the player is ready is done once it is. */
  seek(seconds: number): void {
    if (!this.known) {
      this.wanted = seconds;
      return;
    }
    this.known.seekTo(seconds, true);
    this.events.onSeek();
  }

  destroy(): void {
    this.isGone = true;
    this.player?.destroy();
    this.place.replaceChildren();
  }

  /** Its functions are missing until it is ready. */
  private get known(): YouTubePlayer | undefined {
    return this.isReady && !this.isGone ? this.player : undefined;
  }

  private make(api: YouTube): void {
    if (this.isGone) return;
    // YouTube puts its frame in the place of what it is given.
    const stand = document.createElement("div");
    this.place.replaceChildren(stand);
    this.player = new api.Player(stand, {
      host: HOST,
      videoId: this.film.videoId,
      width: "100%",
      height: "100%",
      playerVars: { origin: location.origin, playsinline: 1, rel: 0 },
      events: {
        onReady: () => this.ready(),
        onStateChange: ({ data }) => this.tell((events) => events.onState(stateOf(data))),
        onPlaybackRateChange: () => this.tell((events) => events.onRate()),
        onError: ({ data }) => this.fail(faultOf(data)),
      },
    });
  }

  private ready(): void {
    if (this.isGone || !this.player) return;
    this.isReady = true;
    this.player.getIframe().title = this.film.label;
    this.events.onReady();
    if (this.wanted !== undefined) this.seek(this.wanted);
    this.wanted = undefined;
  }

  private fail(fault: PlayerFault): void {
    this.tell((events) => events.onError(fault));
  }

  private tell(act: (events: PlayerEvents) => void): void {
    if (!this.isGone) act(this.events);
  }
}

/** -1 is not begun and 5 is laid in: both stand still. */
function stateOf(code: number): PlayerState {
  switch (code) {
    case 0:
      return "ended";
    case 1:
      return "playing";
    case 2:
      return "paused";
    case 3:
      return "buffering";
    default:
      return "idle";
  }
}

/** 2 is an id that cannot be, 100 one that is not there; 101 and 150 are the owner's wish. */
export function faultOf(code: number): PlayerFault {
  switch (code) {
    case 2:
    case 100:
      return "gone";
    case 101:
    case 150:
      return "forbidden";
    case 153:
      return "hidden";
    default:
      return "unplayable";
  }
}

let loading: Promise<YouTube> | undefined;

/** YouTube's script, once for each document; a failure may be tried again. */
export function loadYouTube(): Promise<YouTube> {
  loading ??= fetchScript().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function fetchScript(): Promise<YouTube> {
  return new Promise((resolve, reject) => {
    if (window.YT?.Player) return resolve(window.YT);
    const script = document.createElement("script");
    const fail = () => {
      script.remove();
      reject(new Error("no player"));
    };
    const late = setTimeout(fail, PATIENCE_MS);
    window.onYouTubeIframeAPIReady = () => {
      clearTimeout(late);
      if (window.YT) resolve(window.YT);
    };
    script.src = SCRIPT;
    script.onerror = fail;
    document.head.append(script);
  });
}
