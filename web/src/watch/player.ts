/** What a film does, seen from outside. */
export type PlayerState = "idle" | "playing" | "paused" | "buffering" | "ended";

/** Why a film cannot be played, as far as the person can do something about it. */
export type PlayerFault =
  /** The player did not come: a network or an add-on keeps it away. */
  | "blocked"
  /** There is no such film any more, or there never was. */
  | "gone"
  /** Its owner does not let it be shown here. */
  | "forbidden"
  /** The player says that it was not told where it is. */
  | "hidden"
  /** Anything else, of the browser or of the film. */
  | "unplayable";

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
  onError(fault: PlayerFault): void;
}

/** Makes a player inside `place`. */
export type PlayerFactory = (place: HTMLElement, events: PlayerEvents) => VideoPlayer;
