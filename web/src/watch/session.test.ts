import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../api/problem";
import { FakePlayer } from "./fakePlayer";
import { type Saved, WatchSession } from "./session";

const post = vi.hoisted(() => vi.fn());
vi.mock("../api/client", () => ({ api: { POST: post }, MARK: {} }));

const OPENED = { data: { watchId: "wat_1", gaps: [] } };

/** A watch page without a page; `answers` are given in turn, the last one again and again. */
class Bench {
  readonly saved: Saved[] = [];
  readonly unseen: number[] = [];
  readonly session: WatchSession;
  player: FakePlayer | undefined;

  constructor() {
    const events = {
      onProgress: () => {},
      onSaved: (saved: Saved) => void this.saved.push(saved),
      onReady: () => {},
      onBroken: () => {},
      onPlace: () => {},
      onUnseen: (seconds: number) => void this.unseen.push(seconds),
    };
    const make = (_: HTMLElement, of: ConstructorParameters<typeof FakePlayer>[0]) =>
      (this.player = new FakePlayer(of));
    this.session = new WatchSession("mod_1", events, make, {} as HTMLElement);
  }

  /** Puts the page out of sight, or back. */
  show(visibilityState: "visible" | "hidden"): void {
    Object.assign(document, { visibilityState });
    document.dispatchEvent(new Event("visibilitychange"));
  }

  /** Lets less than a second of the film run. */
  async part(seconds: number): Promise<void> {
    this.player?.pass(seconds);
    await vi.advanceTimersByTimeAsync(seconds * 1000);
  }

  /** Lets the film run for some seconds of the wall. */
  async run(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.player?.pass(1);
      await vi.advanceTimersByTimeAsync(1000);
    }
  }
}

const bodies = () => post.mock.calls.map(([, { body }]) => body);
/** What was sent as played in sight, or out of sight. */
const shown = (visible: boolean) =>
  bodies()
    .filter((body) => body.visible === visible)
    .flatMap(({ segments }) => segments.map(({ from, to }: { from: number; to: number }) => [from, to]));
const whole = (stretches: number[][]) => [stretches[0]?.[0], stretches.at(-1)?.[1]];
const sent = () => bodies().flatMap(({ segments }) => segments.map(({ from, to }: { from: number; to: number }) => [from, to]));

beforeEach(() => {
  vi.useFakeTimers();
  post.mockReset().mockResolvedValue(OPENED);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("addEventListener", () => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what is under way when the page is left is told once, and what follows it after that", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  await bench.run(4);
  let answer = (_: unknown) => {};
  post.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  await bench.run(3);
  bench.session.destroy();
  expect(sent()).toEqual([[0, 4]]);
  answer(OPENED);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent()).toEqual([[0, 4], [4, 7]]);
  expect(bodies().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test("what could not be sent when the page is left is sent once more", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  await bench.run(4);
  let fail = (_: unknown) => {};
  post.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
  await bench.run(1);
  bench.session.destroy();
  fail(ProblemError.unreachable());
  await vi.advanceTimersByTimeAsync(0);
  expect(sent()).toEqual([[0, 4], [0, 4], [4, 5]]);
});

test("what was watched before the watch could be opened is not lost when the page is left", async () => {
  post.mockRejectedValueOnce(ProblemError.unreachable());
  const bench = new Bench();
  bench.player?.play();
  await bench.run(2);
  bench.session.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(bodies().map(({ watchId }) => watchId)).toEqual([undefined, undefined, "wat_1"]);
  expect(sent()).toEqual([[0, 2]]);
});

test("a watch that could not be opened is opened with the rhythm of keeping", async () => {
  post.mockRejectedValueOnce(ProblemError.unreachable());
  const bench = new Bench();
  await bench.run(6);
  expect(bodies()).toHaveLength(2);
  expect(bench.saved).toEqual(["saving", "unsaved", "saving", "saved"]);
});

test("a page that was left opens nothing any more", async () => {
  post.mockRejectedValue(ProblemError.unreachable());
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.session.destroy();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bodies()).toHaveLength(1);
});

test("a watch that is not known any more is opened anew, and what was watched goes with it", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  post.mockRejectedValueOnce(new ProblemError({ status: 404, code: "not_found" }));
  await bench.run(16);
  expect(bodies().map(({ watchId }) => watchId)).toEqual([undefined, "wat_1", undefined, "wat_1"]);
});

test("no message carries more than the API takes", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  post.mockRejectedValue(ProblemError.unreachable());
  await bench.run(400);
  post.mockResolvedValue(OPENED);
  await bench.run(20);
  expect(Math.max(...bodies().map(({ segments }) => segments.length))).toBe(64);
  expect(sent().at(-1)?.[1]).toBe(420 - 1);
});

test("what ran out of sight counts, is marked, and is told once the page is back", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  await bench.run(3);
  bench.show("hidden");
  await bench.run(7);
  expect(bench.unseen).toEqual([]);
  bench.show("visible");
  await bench.run(5);
  expect(bench.unseen).toEqual([7]);
  expect(bodies().filter(({ visible }) => !visible)).not.toHaveLength(0);
  expect(sent().at(-1)?.[1]).toBeGreaterThan(10);
});

test("a page that turns away or comes back tells what ran until then as what it was", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  await bench.run(3);
  await bench.part(0.5);
  bench.show("hidden");
  await vi.advanceTimersByTimeAsync(0);
  expect(shown(true)).toEqual([[0, 3.5]]);
  expect(shown(false)).toEqual([]);
  await bench.run(7);
  bench.show("visible");
  await vi.advanceTimersByTimeAsync(0);
  expect(whole(shown(false))).toEqual([3.5, 10.5]);
  expect(shown(true)).toEqual([[0, 3.5]]);
  await bench.run(5);
  bench.session.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(whole(shown(false))).toEqual([3.5, 10.5]);
  expect(whole(shown(true).slice(1))).toEqual([10.5, 15.5]);
});

test("what could not be sent of a hidden page goes as such once it is back, and apart", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  bench.player?.play();
  await bench.run(3);
  bench.show("hidden");
  await vi.advanceTimersByTimeAsync(0);
  post.mockRejectedValue(ProblemError.unreachable());
  await bench.run(7);
  bench.show("visible");
  await bench.run(2);
  post.mockReset().mockResolvedValue(OPENED);
  bench.session.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(bodies().map(({ visible }) => visible)).toEqual([false, true]);
  expect(whole(shown(false))).toEqual([3, 10]);
  expect(whole(shown(true))).toEqual([10, 12]);
});

test("a film that stood still out of sight is not worth a word", async () => {
  const bench = new Bench();
  bench.player?.play();
  await bench.run(3);
  bench.player?.pause();
  bench.show("hidden");
  await bench.run(20);
  bench.show("visible");
  expect(bench.unseen).toEqual([]);
});

test("a new place that could not be sent is tried again, though nothing was played", async () => {
  const bench = new Bench();
  await vi.advanceTimersByTimeAsync(0);
  post.mockRejectedValueOnce(ProblemError.unreachable());
  bench.session.seek(40);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(bench.saved).toEqual(["saving", "saved", "saving", "unsaved", "saving", "saved"]);
  expect(bodies().at(-1)).toMatchObject({ position: 40, segments: [] });
});
