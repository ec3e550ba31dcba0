import { api, MARK, type Schemas } from "../api/client";
import { asProblem, type ProblemError } from "../api/problem";
import type { PlayerEvents, PlayerFactory, PlayerState, VideoPlayer } from "./player";
import { Sampler, type Segment } from "./sampler";

export type Progress = Schemas["Progress"];

/** How well what was watched is kept. */
export type Saved =
  | { state: "fresh" }
  | { state: "saving" }
  | { state: "saved"; at: number }
  | { state: "unsaved"; problem: ProblemError };

export interface WatchEvents {
  onProgress(progress: Progress): void;
  onSaved(saved: Saved): void;
  onReady(): void;
  onBroken(): void;
  onPlace(seconds: number): void;
}

const TICK_MS = 1000;
const FLUSH_MS = 5000;

/** One visit of a watch page: a player, its sampler, and what is sent of it. */
export class WatchSession {
  private readonly player: VideoPlayer;
  private readonly sampler = new Sampler();
  private readonly timers: ReturnType<typeof setInterval>[];
  private readonly away = new AbortController();
  private kept: Segment[] = [];
  private watchId: string | undefined;
  private sequence = 0;
  private sending = false;
  private moved = false;

  constructor(
    private readonly moduleId: string,
    private readonly events: WatchEvents,
    make: PlayerFactory,
    place: HTMLElement,
  ) {
    this.player = make(place, this.listener());
    this.timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => void this.flush(), FLUSH_MS),
    ];
    const signal = this.away.signal;
    const leave = () => void this.flush(true);
    document.addEventListener("visibilitychange", leave, { signal });
    addEventListener("pagehide", leave, { signal });
    void this.open();
  }

  seek(seconds: number): void {
    this.player.seek(seconds);
  }

  /** Sends what is left and ends the player. */
  destroy(): void {
    this.sampler.end(this.now());
    void this.flush(true);
    for (const timer of this.timers) clearInterval(timer);
    this.away.abort();
    this.player.destroy();
  }

  /** Sends what was played since the last time; what fails stays and goes with the next. */
  async flush(leaving = false): Promise<void> {
    this.kept.push(...this.sampler.take());
    const nothing = this.kept.length === 0 && !this.moved;
    if (nothing || this.sending || !this.watchId) return;
    await this.send(leaving);
  }

  private async open(): Promise<void> {
    await this.send(false);
    // Without an opened watch nothing can be kept: try again with the rhythm of keeping.
    if (!this.watchId && !this.away.signal.aborted) setTimeout(() => void this.open(), FLUSH_MS);
  }

  private async send(leaving: boolean): Promise<void> {
    const segments = this.watchId ? this.kept.splice(0) : [];
    this.sending = true;
    this.moved = false;
    this.sequence += 1;
    this.events.onSaved({ state: "saving" });
    try {
      const body = {
        moduleId: this.moduleId,
        sequence: this.sequence,
        segments,
        position: this.player.time(),
        visible: document.visibilityState === "visible",
        ...(this.watchId ? { watchId: this.watchId } : {}),
      };
      const params = { header: MARK };
      const { data } = await api.POST("/api/training/progress", { params, body, keepalive: leaving });
      if (data) this.took(data);
    } catch (error) {
      this.kept.unshift(...segments);
      this.events.onSaved({ state: "unsaved", problem: asProblem(error) });
    } finally {
      this.sending = false;
    }
  }

  private took(progress: Progress): void {
    this.watchId = progress.watchId;
    this.events.onProgress(progress);
    this.events.onSaved({ state: "saved", at: Date.now() });
  }

  private tick(): void {
    this.sampler.tick(this.now());
    this.events.onPlace(this.player.time());
  }

  private now() {
    const { player } = this;
    return { time: player.time(), rate: player.rate(), wall: performance.now() };
  }

  private listener(): PlayerEvents {
    return {
      onReady: () => this.events.onReady(),
      onError: () => this.events.onBroken(),
      onRate: () => this.sampler.tick(this.now()),
      onSeek: () => {
        this.moved = true;
        this.sampler.tick(this.now());
        this.events.onPlace(this.player.time());
      },
      onState: (state) => this.became(state),
    };
  }

  private became(state: PlayerState): void {
    if (state === "playing") {
      this.sampler.begin(this.now());
    } else {
      this.sampler.end(this.now());
      if (state !== "buffering") void this.flush();
    }
  }
}
