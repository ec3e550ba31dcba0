import type { Schemas } from "../../api/client";

type Held = Pick<Schemas["Reservation"], "start" | "end" | "status" | "attendance">;

/** Minutes that were held and not given back; who did not come did not use it. */
export function usedMinutes(reservations: readonly Held[]): number {
  return reservations
    .filter((one) => one.status !== "cancelled" && one.status !== "failed" && one.attendance !== "no_show")
    .reduce((sum, one) => sum + (Date.parse(one.end) - Date.parse(one.start)) / 60_000, 0);
}
