/**
 * Where the API is: beside the pages, or at the origin that `VITE_API_ORIGIN` names when they are
 * built (docs/adr/0020). The build stops at anything but an origin, so that no call goes astray.
 */
export function apiBase(told: string | undefined): string {
  const origin = told?.trim() ?? "";
  if (origin === "") return "/";
  const isOrigin = /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
  if (!isOrigin) throw new Error("VITE_API_ORIGIN is no origin");
  return origin;
}

/** Cookies go along to another origin only when that is asked for. */
export function credentialsFor(base: string): RequestCredentials {
  return base === "/" ? "same-origin" : "include";
}
