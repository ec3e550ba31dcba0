// Every journey, each with a stack and a browser of its own: they mostly wait, so they go side by
// side. Parts named as arguments are parts of the first journey, and only they are walked.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const parts = process.argv.slice(2);

function journey(name) {
  const child = spawn(process.execPath, [join(here, `${name}.mjs`), ...parts], { stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code === 0)));
}

const names = parts.length > 0 ? ["journey"] : ["journey", "manager"];
const passed = await Promise.all(names.map(journey));
process.exitCode = passed.every(Boolean) ? 0 : 1;
