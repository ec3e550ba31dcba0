import createFetchClient, { defaultPathSerializer } from "openapi-fetch";
import { getLocale } from "../paraglide/runtime";
import { apiBase, credentialsFor } from "./origin";
import { pathOf } from "./place";
import { ProblemError, readProblem } from "./problem";
import type { components, paths } from "./schema";
import { sendWithStepUp } from "./stepUp";

export type Schemas = components["schemas"];

/** Marks a write as one of our own pages; the API refuses writes without it. */
export const MARK = { "X-Requested-With": "interlock" } as const;

const baseUrl = apiBase(import.meta.env.VITE_API_ORIGIN);

/** The one client of the API, with the session as a cookie. */
export const api = createFetchClient<paths>({
  baseUrl,
  credentials: credentialsFor(baseUrl),
  fetch: sendWithStepUp,
  pathSerializer: (path, params) => defaultPathSerializer(pathOf(path, params), params),
});

api.use({
  onRequest({ request }) {
    request.headers.set("Accept-Language", getLocale());
    return request;
  },
  /** Every refusal becomes one kind of error, so that screens look in one place. */
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
    return response;
  },
  onError({ error }) {
    return error instanceof ProblemError ? error : ProblemError.unreachable();
  },
});
