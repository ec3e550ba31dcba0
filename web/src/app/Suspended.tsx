import type { Schemas } from "../api/client";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";

/** That somebody may look and not reserve, until when, and why. */
export default function Suspended({ suspension }: { suspension: Schemas["User"]["suspension"] }) {
  const until = suspension?.until;
  const time = until && dayAndClock(until, ownZone(), getLocale());
  return (
    <aside aria-label={m.account_standing()} className="bg-wait-wash px-4 py-3 sm:px-6">
      <p className="mx-auto max-w-6xl font-semibold text-wait">{time ? m.suspended_until({ time }) : m.suspended_open()}</p>
      {suspension?.reason && <p className="mx-auto max-w-6xl">“{suspension.reason}”</p>}
    </aside>
  );
}
