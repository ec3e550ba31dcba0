/** A stretch that was played without a break, as the API takes it. */
export interface Segment {
  from: number;
  to: number;
  rate: number;
  wallMs: number;
}

/** What the player and the wall clock say at one moment. */
export interface Tick {
  /** Place in the film, in seconds. */
  time: number;
  rate: number;
  /** Wall clock that never goes back, in milliseconds. */
  wall: number;
}

/** How far film and wall clock may part within a stretch before it counts as a jump, in seconds. */
const TOLERANCE = 1.5;
/** Shorter stretches say nothing, in seconds. */
const SHORTEST = 0.05;

/**
 * Turns ticks into segments. Pure: it reads no clock and no player.
 * Film time that wall time does not explain is never part of a segment; the server judges the rest.
 */
export class Sampler {
  private first: Tick | undefined;
  private last: Tick | undefined;
  private done: Segment[] = [];

  /** The film runs from `tick` on. */
  begin(tick: Tick): void {
    if (this.first) this.end(tick);
    this.first = tick;
    this.last = tick;
  }

  /** The film still runs; a jump or a change of rate ends the stretch at the tick before. */
  tick(tick: Tick): void {
    if (!this.first || !this.last) return;
    if (isJump(this.last, tick)) {
      this.close(this.last);
      this.begin(tick);
    } else if (tick.rate !== this.last.rate) {
      this.close(tick);
      this.begin(tick);
    } else {
      this.last = tick;
    }
  }

  /** The film stopped at `tick`; a tick after a jump tells nothing of what ran before it. */
  end(tick: Tick): void {
    if (!this.first || !this.last) return;
    this.close(isJump(this.last, tick) ? this.last : tick);
  }

  /** What was played since the last call; what still runs is cut at the last tick and goes on. */
  take(): Segment[] {
    const { first, last } = this;
    if (first && last) {
      this.close(last);
      this.begin(last);
    }
    return this.done.splice(0);
  }

  private close(at: Tick): void {
    const from = this.first;
    this.first = undefined;
    this.last = undefined;
    if (!from || at.time - from.time < SHORTEST) return;
    const wallMs = Math.round(at.wall - from.wall);
    this.done.push({ from: round(from.time), to: round(at.time), rate: from.rate, wallMs });
  }
}

function isJump(before: Tick, after: Tick): boolean {
  const film = after.time - before.time;
  const wall = ((after.wall - before.wall) / 1000) * before.rate;
  return film < 0 || Math.abs(film - wall) > TOLERANCE;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
