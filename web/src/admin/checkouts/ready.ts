import type { Schemas } from "../../api/client";

/** Whether only the yes at the bench is missing: all else that is asked for is there. */
export function isForCheckout({ reasons }: Pick<Schemas["Readiness"], "reasons">): boolean {
  const open = reasons.filter((reason) => reason.severity === "block");
  return open.length > 0 && open.every((reason) => reason.code.startsWith("checkout_"));
}
