// What people did in the workshop before a manager comes.
import assert from "node:assert/strict";
import { call, cookieOf } from "./stack.mjs";

export const HOUR = 3_600_000;

/** A start from tomorrow on at which somebody may reserve a machine, or one of `hosts`. */
export async function freeTime(url, machine, who, kind = "machines") {
  const [start, end] = [24, 240].map((hours) => new Date(Date.now() + hours * HOUR).toISOString());
  const path = `/api/${kind}/${machine}/availability?start=${start}&end=${end}&timeZone=UTC`;
  const { body } = await call(url, "GET", path, undefined, who);
  return body.slots.find((one) => one.bookable).start;
}

/** Two ask for a checkout, and one holds a reservation, which is answered. */
export async function before(url) {
  const [ada, max] = [await cookieOf(url, "ada@demo.test"), await cookieOf(url, "max@demo.test")];
  for (const [who, machine] of [[ada, "mch_laser"], [ada, "mch_bandsaw"], [max, "mch_bandsaw"]]) {
    const asked = await call(url, "POST", `/api/machines/${machine}/checkout-requests`, {}, who);
    assert.equal(asked.status, 201);
  }
  const start = await freeTime(url, "mch_laser", max);
  const header = { ...max, "Idempotency-Key": crypto.randomUUID() };
  const held = await call(url, "POST", "/api/machines/mch_laser/reservations", { start }, header);
  assert.equal(held.status, 201);
  return held.body.reservation;
}
