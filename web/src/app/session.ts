import { queryOptions } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api } from "../api/client";
import { ProblemError } from "../api/problem";

/** Who is logged in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const { data } = await api.GET("/api/auth/me", { signal });
    if (!data) throw ProblemError.unreachable();
    return data.user;
  },
});

let lost = false;
const listeners = new Set<() => void>();

/** Says that the session is gone, or back; whatever is on the page stays. */
export function setSessionLost(now: boolean): void {
  if (lost === now) return;
  lost = now;
  for (const listener of listeners) listener();
}

export function useSessionLost(): boolean {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return useSyncExternalStore(subscribe, () => lost);
}

/** Whether an error means that nobody is logged in any more. */
export function isSessionLoss(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "unauthenticated";
}
