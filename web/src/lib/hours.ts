const KEY = "interlock-hours";

export type Hours = "12" | "24";

/** Whether this device shows twelve or twenty-four hours; nothing leaves it to the language. */
export function clockHours(): Hours | undefined {
  const kept = globalThis.localStorage?.getItem(KEY);
  return kept === "12" || kept === "24" ? kept : undefined;
}

/** Every clock on the device's pages follows from the next time it is drawn. */
export function setClockHours(hours: Hours | undefined): void {
  if (hours) localStorage.setItem(KEY, hours);
  else localStorage.removeItem(KEY);
}
