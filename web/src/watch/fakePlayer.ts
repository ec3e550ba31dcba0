import type { PlayerEvents, PlayerState, VideoPlayer } from "./player";

/** A player for tests: its film runs on a clock that the test moves. */
export class FakePlayer implements VideoPlayer {
  private state: PlayerState = "idle";
  private place = 0;
  private speed = 1;

  constructor(private readonly events: PlayerEvents) {}

  time(): number {
    return this.place;
  }

  rate(): number {
    return this.speed;
  }

  seek(seconds: number): void {
    this.place = seconds;
    this.events.onSeek();
  }

  destroy(): void {
    this.state = "ended";
  }

  play(): void {
    this.become("playing");
  }

  pause(): void {
    this.become("paused");
  }

  setRate(rate: number): void {
    this.speed = rate;
    this.events.onRate();
  }

  /** Lets `seconds` of wall time pass. */
  pass(seconds: number): void {
    if (this.state === "playing") this.place += seconds * this.speed;
  }

  private become(state: PlayerState): void {
    this.state = state;
    this.events.onState(state);
  }
}
