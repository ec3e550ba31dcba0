// The stack under test: a fresh one of its own, or the running one that INTERLOCK_URL names.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_MS = 20 * 60_000;

export async function startStack() {
  const given = process.env.INTERLOCK_URL;
  if (given) return { url: given, stop: async () => {} };
  const data = mkdtempSync(join(tmpdir(), "interlock-web-"));
  const options = ["local", "--fresh", "--no-schedules", "--approval", "mch_printer", "--port", "0", "--data", data];
  const child = spawn("cargo", options, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await Promise.race([ready(child.stdout), late(), ended.then(() => undefined)]);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  if (url) return { url, stop };
  await stop();
  throw new Error("the stack did not become ready");
}

async function ready(output) {
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length).trim();
  }
  return undefined;
}

function late() {
  return new Promise((resolve) => setTimeout(resolve, READY_MS).unref());
}

/** A call to the stack beside the browser, for what another person does meanwhile. */
export async function call(url, method, path, body, headers = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { "Content-Type": "application/json", "X-Requested-With": "interlock", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

/** The session of another person, as a header. */
export async function cookieOf(url, email, password = PASSWORD) {
  const answer = await call(url, "POST", "/api/auth/login", { email, password });
  const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]);
  return { Cookie: cookie.join("; ") };
}

export const PASSWORD = "interlock-demo";
