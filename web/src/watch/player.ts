/** What a film does, seen from outside. */
export type PlayerState = "idle" | "playing" | "paused" | "buffering" | "ended";

/** What the watch page needs of any player, and nothing more. */
export interface VideoPlayer {
  /** Where it stands, in seconds of the film. */
  time(): number;
  /** Playback rate; 1 is as filmed. */
  rate(): number;
  seek(seconds: number): void;
  /** Ends it and forgets its listeners. */
  destroy(): void;
}

/** How a player tells what happens; every call comes after the change. */
export interface PlayerEvents {
  onReady(): void;
  onState(state: PlayerState): void;
  onSeek(): void;
  onRate(): void;
  onError(): void;
}

/** Makes a player inside `place`. */
export type PlayerFactory = (place: HTMLElement, events: PlayerEvents) => VideoPlayer;
