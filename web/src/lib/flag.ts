import { useSyncExternalStore } from "react";

/** Something that is so or not, told to whoever looks. */
export class Flag {
  private isUp = false;
  private readonly listeners = new Set<() => void>();

  get = (): boolean => this.isUp;

  set(isUp: boolean): void {
    if (this.isUp === isUp) return;
    this.isUp = isUp;
    for (const listener of this.listeners) listener();
  }

  /** Whether anybody looks. */
  get isSeen(): boolean {
    return this.listeners.size > 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** The flag as it stands, again whenever it changes. */
export function useFlag(flag: Flag): boolean {
  return useSyncExternalStore(flag.subscribe, flag.get);
}
