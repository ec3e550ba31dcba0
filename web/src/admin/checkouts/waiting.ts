import { m } from "../../paraglide/messages";
import type { Bar } from "../../ui/Bars";

const HOUR = 3600;
const BOUNDS = [HOUR, 24 * HOUR, 3 * 24 * HOUR, 7 * 24 * HOUR] as const;

/** How many wait for how long; the last bar is open above. */
export function binned(waiting: readonly number[]): Bar[] {
  const names = [m.admin_bin_hour(), m.admin_bin_day(), m.admin_bin_three(), m.admin_bin_week(), m.admin_bin_more()];
  const counts = names.map(() => 0);
  for (const seconds of waiting) {
    const at = BOUNDS.findIndex((bound) => seconds < bound);
    const bin = at < 0 ? BOUNDS.length : at;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return names.map((name, at) => ({ name, value: counts[at] ?? 0, text: String(counts[at] ?? 0) }));
}
