import { afterEach, expect, test, vi } from "vitest";
import { apiBase, credentialsFor } from "./origin";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("the API is beside the pages unless an origin is named", () => {
  for (const none of [undefined, "", "  "]) {
    expect(apiBase(none)).toBe("/");
  }
  expect(credentialsFor("/")).toBe("same-origin");
  expect(apiBase("https://api.example.org")).toBe("https://api.example.org");
  expect(credentialsFor("https://api.example.org")).toBe("include");
});

test("what is no origin stops the build", () => {
  for (const wrong of ["api.example.org", "https://api.example.org/", "https://api.example.org/api", "ftp://a", "javascript:1"]) {
    expect(() => apiBase(wrong), wrong).toThrow("no origin");
  }
});

async function sent(origin: string): Promise<Request> {
  vi.stubEnv("VITE_API_ORIGIN", origin);
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
  let request: Request | undefined;
  vi.stubGlobal("fetch", async (one: Request) => {
    request = one;
    return Response.json({});
  });
  const { api, MARK } = await import("./client");
  await api.POST("/api/auth/logout", { params: { header: MARK } });
  if (!request) throw new Error("nothing was sent");
  return request;
}

test("calls go to the named origin with cookies and the mark", async () => {
  const request = await sent("https://api.example.org");
  expect(request.url).toBe("https://api.example.org/api/auth/logout");
  expect(request.credentials).toBe("include");
  expect(request.headers.get("X-Requested-With")).toBe("interlock");
});
