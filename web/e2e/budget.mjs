// What a first visit may weigh: the entry with all it imports at once, and each part that comes later.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const ENTRY_KB = 130;
const CHUNK_KB = 80;
const CSS_KB = 15;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const weigh = (file) => gzipSync(readFileSync(new URL(file, dist))).length / 1000;

function withImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) withImports(next, seen);
  return seen;
}

const faults = [];
const check = (name, size, most) => {
  const line = `${name}: ${size.toFixed(1)} of ${most} kB gz`;
  if (size > most) faults.push(line);
  return line;
};
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = [...withImports(entry)];
const sum = first.reduce((total, key) => total + weigh(manifest[key].file), 0);
console.log(check("entry", sum, ENTRY_KB));
for (const [key, part] of Object.entries(manifest)) {
  if (part.file.endsWith(".js")) check(key, weigh(part.file), CHUNK_KB);
}
for (const file of manifest[entry].css ?? []) console.log(check("style", weigh(file), CSS_KB));
if (faults.length > 0) {
  console.error(`over budget:\n  ${faults.join("\n  ")}`);
  process.exit(1);
}
