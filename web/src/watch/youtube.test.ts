import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PlayerFault, PlayerState } from "./player";
import { faultOf, loadYouTube, SCRIPT, type YouTube, youTubePlayer } from "./youtube";

type Options = ConstructorParameters<YouTube["Player"]>[1];

/** YouTube's player as far as the adapter knows it, on a film that the test moves. */
class FakeYouTube {
  options: Options | undefined;
  place = 0;
  rate = 1;
  readonly frame = { title: "" };
  readonly done: string[] = [];
  readonly api: YouTube;

  constructor() {
    const fake = this;
    this.api = {
      Player: class {
        constructor(_: HTMLElement, options: Options) {
          fake.options = options;
        }
        getCurrentTime = () => fake.place;
        getPlaybackRate = () => fake.rate;
        getIframe = () => fake.frame as HTMLIFrameElement;
        seekTo = (seconds: number) => {
          fake.place = seconds;
          fake.done.push(`seek ${seconds}`);
        };
        destroy = () => void fake.done.push("destroy");
      },
    };
  }
}

class Told {
  readonly words: string[] = [];
  onReady = () => void this.words.push("ready");
  onState = (state: PlayerState) => void this.words.push(state);
  onSeek = () => void this.words.push("seek");
  onRate = () => void this.words.push("rate");
  onError = (fault: PlayerFault) => void this.words.push(fault);
}

const place = { replaceChildren: () => {} } as unknown as HTMLElement;
const settle = () => new Promise((resolve) => setTimeout(resolve));

async function made(load?: () => Promise<YouTube>) {
  const fake = new FakeYouTube();
  const told = new Told();
  const player = youTubePlayer("abcdefghijk", "A film", load ?? (async () => fake.api))(place, told);
  await settle();
  return { fake, told, player };
}

beforeEach(() => {
  vi.stubGlobal("location", { origin: "https://interlock.example" });
  vi.stubGlobal("document", { createElement: () => ({ remove: () => {} }), head: { append: () => {} } });
});

afterEach(() => vi.unstubAllGlobals());

test("the film is asked of the host without cookies, with the page's own origin", async () => {
  const { fake } = await made();
  expect(fake.options?.host).toBe("https://www.youtube-nocookie.com");
  expect(fake.options?.videoId).toBe("abcdefghijk");
  expect(fake.options?.playerVars["origin"]).toBe("https://interlock.example");
});

test("it stands at the beginning until it is ready, and then where it is", async () => {
  const { fake, told, player } = await made();
  fake.place = 12;
  fake.rate = 1.5;
  expect([player.time(), player.rate()]).toEqual([0, 1]);
  fake.options?.events.onReady();
  expect([player.time(), player.rate()]).toEqual([12, 1.5]);
  expect(told.words).toEqual(["ready"]);
  expect(fake.frame.title).toBe("A film");
});

test("a jump that is wanted too early is made once it can be", async () => {
  const { fake, told, player } = await made();
  player.seek(40);
  expect(fake.done).toEqual([]);
  fake.options?.events.onReady();
  expect(fake.done).toEqual(["seek 40"]);
  expect(told.words).toEqual(["ready", "seek"]);
});

test("every state is told in our own words", async () => {
  const { fake, told } = await made();
  for (const data of [-1, 5, 3, 1, 2, 0]) fake.options?.events.onStateChange({ data });
  fake.options?.events.onPlaybackRateChange();
  expect(told.words).toEqual(["idle", "idle", "buffering", "playing", "paused", "ended", "rate"]);
});

test("every failure is told by what can be done about it", () => {
  expect([2, 5, 100, 101, 150, 153, 999].map(faultOf)).toEqual([
    "gone", "unplayable", "gone", "forbidden", "forbidden", "hidden", "unplayable",
  ]);
});

test("a player that does not come is told as kept away", async () => {
  const { told } = await made(() => Promise.reject(new Error("no network")));
  expect(told.words).toEqual(["blocked"]);
});

test("what happens after its end is not told", async () => {
  const { fake, told, player } = await made();
  player.destroy();
  fake.options?.events.onReady();
  fake.options?.events.onError({ data: 100 });
  expect(told.words).toEqual([]);
  expect(fake.done).toEqual(["destroy"]);
});

test("the script is fetched once, and again only after a failure", async () => {
  const scripts: { src?: string; onerror?: () => void; remove(): void }[] = [];
  const window: { YT?: YouTube; onYouTubeIframeAPIReady?: () => void } = {};
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", {
    createElement: () => ({ remove: () => {} }),
    head: { append: (script: (typeof scripts)[number]) => scripts.push(script) },
  });
  const first = loadYouTube();
  scripts[0]?.onerror?.();
  await expect(first).rejects.toThrow();
  const second = loadYouTube();
  window.YT = new FakeYouTube().api;
  window.onYouTubeIframeAPIReady?.();
  expect(await second).toBe(window.YT);
  await loadYouTube();
  expect(scripts.map(({ src }) => src)).toEqual([SCRIPT, SCRIPT]);
});
