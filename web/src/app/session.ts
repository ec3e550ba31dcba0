import { queryOptions } from "@tanstack/react-query";
import { api, MARK } from "../api/client";
import { ProblemError } from "../api/problem";
import { Flag } from "../lib/flag";

/** Who is logged in, and how it stands with the second factor. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const { data } = await api.GET("/api/auth/me", { signal });
    if (!data) throw ProblemError.unreachable();
    return { ...data.user, secondFactor: data.secondFactor };
  },
});

/** Whether the session is gone; whatever is on the page stays. */
export const sessionLost = new Flag();

/** Whether a second factor must be got before anything else is open. */
export function lacksFactor({ secondFactor }: { secondFactor: { enrolled: boolean; required: boolean } }): boolean {
  return secondFactor.required && !secondFactor.enrolled;
}

/** Whether an error means that nobody is logged in any more. */
export function isSessionLoss(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "unauthenticated";
}

/** Ends the session; where none is left, that is what was wanted. */
export async function logOut(): Promise<void> {
  try {
    await api.POST("/api/auth/logout", { params: { header: MARK } });
  } catch (error) {
    if (!isSessionLoss(error)) throw error;
  }
}
