// What people did in the workshop before a manager comes.
import assert from "node:assert/strict";
import { call, cookieOf } from "./stack.mjs";

const HOUR = 3_600_000;

/** Two ask for a checkout, and one holds a reservation, which is answered. */
export async function before(url) {
  const [ada, max] = [await cookieOf(url, "ada@demo.test"), await cookieOf(url, "max@demo.test")];
  for (const [who, machine] of [[ada, "mch_laser"], [ada, "mch_bandsaw"], [max, "mch_bandsaw"]]) {
    const asked = await call(url, "POST", `/api/machines/${machine}/checkout-requests`, {}, who);
    assert.equal(asked.status, 201);
  }
  const start = new Date(Date.now() + 24 * HOUR).toISOString();
  const end = new Date(Date.now() + 10 * 24 * HOUR).toISOString();
  const free = await call(url, "GET", `/api/machines/mch_laser/availability?start=${start}&end=${end}&timeZone=UTC`, undefined, max);
  const slot = free.body.slots.find((one) => one.bookable);
  const header = { ...max, "Idempotency-Key": crypto.randomUUID() };
  const held = await call(url, "POST", "/api/machines/mch_laser/reservations", { start: slot.start }, header);
  assert.equal(held.status, 201);
  return held.body.reservation;
}
