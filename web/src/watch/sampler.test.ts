import { expect, test } from "vitest";
import { FakePlayer } from "./fakePlayer";
import { Sampler, type Segment } from "./sampler";

/** A watch page without a page: the player's events and a tick each second. */
class Bench {
  readonly sampler = new Sampler();
  wall = 0;
  readonly player = new FakePlayer({
    onReady: () => {},
    onState: (state) =>
      state === "playing" ? this.sampler.begin(this.now()) : this.sampler.end(this.now()),
    onSeek: () => this.sampler.tick(this.now()),
    onRate: () => this.sampler.tick(this.now()),
    onError: () => {},
  });

  run(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.wall += 1000;
      this.player.pass(1);
      this.sampler.tick(this.now());
    }
  }

  private now() {
    return { time: this.player.time(), rate: this.player.rate(), wall: this.wall };
  }
}

const ends = (segments: Segment[]) => segments.map(({ from, to }) => [from, to]);

test("what plays through is one stretch", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(5);
  bench.player.pause();
  expect(bench.sampler.take()).toEqual([{ from: 0, to: 5, rate: 1, wallMs: 5000 }]);
});

test("what is taken while it runs goes on without a hole", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(5);
  expect(ends(bench.sampler.take())).toEqual([[0, 5]]);
  bench.run(3);
  expect(ends(bench.sampler.take())).toEqual([[5, 8]]);
});

test("what is jumped over is in no stretch", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(4);
  bench.player.seek(60);
  bench.run(2);
  bench.player.pause();
  expect(ends(bench.sampler.take())).toEqual([[0, 4], [60, 62]]);
});

test("a jump back begins anew where it leads", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(4);
  bench.player.seek(1);
  bench.run(1);
  bench.player.pause();
  expect(ends(bench.sampler.take())).toEqual([[0, 4], [1, 2]]);
});

test("a change of rate leaves no hole and is claimed at its own rate", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(2);
  bench.player.setRate(2);
  bench.run(2);
  bench.player.pause();
  expect(bench.sampler.take()).toEqual([
    { from: 0, to: 2, rate: 1, wallMs: 2000 },
    { from: 2, to: 6, rate: 2, wallMs: 2000 },
  ]);
});

test("a pause claims nothing", () => {
  const bench = new Bench();
  bench.player.play();
  bench.run(2);
  bench.player.pause();
  bench.run(30);
  bench.player.play();
  bench.run(1);
  bench.player.pause();
  expect(bench.sampler.take().map((segment) => segment.wallMs)).toEqual([2000, 1000]);
});

test("film that no wall time explains is never claimed", () => {
  const sampler = new Sampler();
  sampler.begin({ time: 0, rate: 1, wall: 0 });
  sampler.tick({ time: 1, rate: 1, wall: 1000 });
  sampler.end({ time: 100, rate: 1, wall: 2000 });
  expect(ends(sampler.take())).toEqual([[0, 1]]);
});
