import { api, MARK, type Schemas } from "../api/client";
import { asProblem } from "../api/problem";
import type { PlayerEvents, PlayerFactory, PlayerFault, PlayerState, VideoPlayer } from "./player";
import { Sampler, type Segment } from "./sampler";

export type Progress = Schemas["Progress"];

/** How well what was watched is kept. */
export type Saved = "fresh" | "saving" | "saved" | "unsaved";

export interface WatchEvents {
  onProgress(progress: Progress): void;
  onSaved(saved: Saved): void;
  onReady(): void;
  onBroken(fault: PlayerFault): void;
  onPlace(seconds: number): void;
  /** How much of the film ran while the page was out of sight, in seconds, once it is back. */
  onUnseen(seconds: number): void;
}

const TICK_MS = 1000;
const FLUSH_MS = 5000;
/** Less of the film than this out of sight is not worth a word, in seconds. */
const UNSEEN = 1;
/** Segments that one message may carry; the rest goes with the next. */
const MOST = 64;

/** What was played, and whether the page was in sight meanwhile. */
interface Played {
  segment: Segment;
  visible: boolean;
}

/** One visit of a watch page: a player, its sampler, and what is sent of it. */
export class WatchSession {
  private readonly player: VideoPlayer;
  private readonly sampler = new Sampler();
  private readonly timers: ReturnType<typeof setInterval>[];
  private readonly away = new AbortController();
  private kept: Played[] = [];
  private watchId: string | undefined;
  private sequence = 0;
  private place = 0;
  private moved = false;
  /** Whether the page was in sight since it last went out of sight or came back. */
  private visible = document.visibilityState === "visible";
  /** Where the film stood when the page went out of sight. */
  private lostAt: number | undefined;
  /** What is under way; it never fails. */
  private sending: Promise<void> | undefined;

  constructor(
    private readonly moduleId: string,
    private readonly events: WatchEvents,
    make: PlayerFactory,
    where: HTMLElement,
  ) {
    this.player = make(where, this.listener());
    this.timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => void this.flush(), FLUSH_MS),
    ];
    const signal = this.away.signal;
    const leave = () => void this.flush(true);
    document.addEventListener("visibilitychange", () => this.turned(), { signal });
    addEventListener("pagehide", leave, { signal });
    void this.flush();
  }

  seek(seconds: number): void {
    this.player.seek(seconds);
  }

  /** Ends the player at once, and sends what is left as soon as what is under way has ended. */
  destroy(): void {
    this.sampler.end(this.now());
    for (const timer of this.timers) clearInterval(timer);
    this.away.abort();
    this.player.destroy();
    void this.settle();
  }

  /**
   * Opens the watch if none is open, else sends what was played since the last time; what fails
   * stays and goes with the next. A page that goes away cannot wait for what is under way.
   */
  async flush(isLeaving = false): Promise<void> {
    this.keep();
    const isNews = this.kept.length > 0 || this.moved;
    if (this.watchId ? !isNews : isLeaving) return;
    if (this.sending && !isLeaving) return;
    await this.send(isLeaving);
  }

  /** After the player is gone: once to open, then as long as something goes. */
  private async settle(): Promise<void> {
    await this.sending;
    this.keep();
    if (this.kept.length > 0 && !this.watchId) await this.send(true);
    let before = Infinity;
    while (this.watchId && this.kept.length > 0 && this.kept.length < before) {
      before = this.kept.length;
      await this.send(true);
    }
  }

  private keep(): void {
    const { visible } = this;
    this.kept.push(...this.sampler.take().map((segment) => ({ segment, visible })));
  }

  /** What goes with the next message: it speaks of a page in sight, or of one out of sight. */
  private next(): Played[] {
    const [first] = this.kept;
    if (!first || !this.watchId) return [];
    const other = this.kept.findIndex(({ visible }) => visible !== first.visible);
    return this.kept.splice(0, Math.min(MOST, other < 0 ? MOST : other));
  }

  private send(isLeaving: boolean): Promise<void> {
    const sending = this.post(isLeaving).finally(() => {
      if (this.sending === sending) this.sending = undefined;
    });
    this.sending = sending;
    return sending;
  }

  private async post(keepalive: boolean): Promise<void> {
    const played = this.next();
    const { moved } = this;
    this.moved = false;
    this.sequence += 1;
    this.events.onSaved("saving");
    try {
      const body = {
        moduleId: this.moduleId,
        sequence: this.sequence,
        segments: played.map(({ segment }) => segment),
        position: this.place,
        visible: played[0]?.visible ?? this.visible,
        ...(this.watchId ? { watchId: this.watchId } : {}),
      };
      const params = { header: MARK };
      const { data } = await api.POST("/api/training/progress", { params, body, keepalive });
      if (data) this.took(data);
    } catch (error) {
      this.kept.unshift(...played);
      this.moved ||= moved;
      // A watch that is not known any more takes nothing: the next message opens another.
      if (asProblem(error).status === 404) this.watchId = undefined;
      this.events.onSaved("unsaved");
    }
  }

  private took(progress: Progress): void {
    this.watchId = progress.watchId;
    this.events.onProgress(progress);
    this.events.onSaved("saved");
  }

  private tick(): void {
    this.sampler.tick(this.now());
    this.events.onPlace(this.place);
  }

  private now() {
    const { player } = this;
    this.place = player.time();
    return { time: this.place, rate: player.rate(), wall: performance.now() };
  }

  /**
   * The page went out of sight, or came back: what ran until now is sent as what it was, and what
   * ran out of sight counts, and is told.
   */
  private turned(): void {
    this.tick();
    this.keep();
    this.visible = document.visibilityState === "visible";
    const unseen = this.place - (this.lostAt ?? this.place);
    this.lostAt = this.visible ? undefined : this.place;
    if (unseen >= UNSEEN) this.events.onUnseen(unseen);
    void this.flush(true);
  }

  private listener(): PlayerEvents {
    return {
      onReady: () => this.events.onReady(),
      onError: (fault) => this.events.onBroken(fault),
      onRate: () => this.sampler.tick(this.now()),
      onSeek: () => {
        this.moved = true;
        this.tick();
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
