import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/problem";
import { isSessionLoss, sessionLost } from "./session";

const notice = (error: unknown) => {
  if (isSessionLoss(error)) sessionLost.set(true);
};

/** Answers by call. The session look-up of the frame judges its own loss. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => query.queryKey[0] !== "me" && notice(error),
  }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (tries, error) => tries < 1 && error instanceof ProblemError && error.status >= 500,
    },
  },
});
