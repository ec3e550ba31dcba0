// Watching: films of ours, films at YouTube with a player of our own making, and its failures.
import assert from "node:assert/strict";
import { settled } from "./browser.mjs";
import { call, cookieOf } from "./stack.mjs";
import { isAccessible, said } from "./steps.mjs";

export async function watches({ page }) {
  await page.goto("/training/mod_shop_basics");
  await settled(page);
  await page.getByText("up to 1.5 times").waitFor();
  await page.locator("video").evaluate((video) => video.play());
  await page.waitForFunction(() => document.querySelector("video").currentTime > 2, undefined, { timeout: 60_000 });
  await shows(page, "hidden");
  await page.waitForFunction(() => document.querySelector("video").currentTime > 6, undefined, { timeout: 60_000 });
  await shows(page, "visible");
  await page.getByText("of the film ran while this page was out of sight.").waitFor();
  await page.locator("video").evaluate((video) => video.pause());
  await agesQuietly(page);
  await page.getByRole("button", { name: /to 3:00/ }).waitFor();
  await page.getByText(/^\d+ parts? left to watch$/).waitFor();
  await isAccessible(page, "watch");
  await page.getByRole("button", { name: /to 3:00/ }).click();
  assert.equal(await page.getByRole("button", { name: "Complete" }).isDisabled(), true);
  said("what is watched is saved, and the gap that is left can be pressed");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Training" }).click();
  await page.getByRole("link", { name: "Shop basics" }).click();
  await settled(page);
  await page.waitForFunction(() => document.querySelector("video").currentTime > 3);
  said("it goes on where it was left");
}

/** How old what is saved is counts up, and readers hear of it once; what is not saved says so. */
async function agesQuietly(page) {
  const told = page.getByRole("status").getByText("Saved", { exact: true });
  await told.waitFor();
  const news = await told.evaluateHandle((one) => {
    const heard = [];
    new MutationObserver(() => heard.push(one.innerText)).observe(one, { childList: true, characterData: true, subtree: true });
    return heard;
  });
  for (const seconds of [1, 3]) await page.getByText(`Saved ${seconds} s ago`).waitFor();
  assert.equal(await page.getByText(/^Saved \d+ s ago$/).getAttribute("aria-live"), "off");
  assert.deepEqual(await news.jsonValue(), [], "what readers hear while it counts");
  await page.route("**/api/training/progress", (route) => route.abort());
  await page.locator("video").evaluate((video) => (video.currentTime = 1));
  await page.getByRole("status").getByText("Not saved; trying again").waitFor();
  await isAccessible(page, "a watch that is not saved");
  await page.unroute("**/api/training/progress");
  await told.waitFor();
  said("how long ago a watch was saved counts up quietly, and what is not saved is tried again");
}

/** Puts the page out of sight, or back, as far as the page can tell. */
const shows = (page, state) =>
  page.evaluate((visibilityState) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: visibilityState });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);

/** What stands for YouTube's script: its film runs on the page's clock. */
const PLAYER = `
window.YT = { Player: class {
  constructor(stand, options) {
    this.frame = document.createElement("iframe");
    stand.replaceWith(this.frame);
    this.options = options;
    this.place = 0;
    window.film = this;
    setTimeout(() => options.events.onReady(), 0);
  }
  getIframe() { return this.frame; }
  getPlaybackRate() { return 1; }
  getCurrentTime() { return this.place + (this.since ? (performance.now() - this.since) / 1000 : 0); }
  seekTo(seconds) { this.place = seconds; if (this.since) this.since = performance.now(); }
  play() { this.since = performance.now(); this.options.events.onStateChange({ data: 1 }); }
  pause() { this.place = this.getCurrentTime(); this.since = 0; this.options.events.onStateChange({ data: 2 }); }
  destroy() { this.frame.remove(); }
} };
window.onYouTubeIframeAPIReady();
`;
const SCRIPT = "https://www.youtube.com/iframe_api";

export async function watchesElsewhere({ page, context, outsiders, messages }, url) {
  const root = await cookieOf(url, "root@demo.test");
  const film = { id: "mod_film", title: "A film elsewhere", durationSeconds: 60, youtubeVideoId: "abcdefghijk" };
  const made = await call(url, "POST", "/api/training/modules", film, root);
  // A stack that is used again has it already.
  assert.ok([201, 409].includes(made.status), JSON.stringify(made.body));
  await page.goto("/training");
  await settled(page);
  await page.getByText(/Resume at 0:\d\d$/).first().waitFor();
  assert.deepEqual(outsiders, [], "requests to others before the watch page");
  await context.route(SCRIPT, (route) => route.fulfill({ contentType: "text/javascript", body: PLAYER }));
  await page.getByRole("link", { name: film.title }).click();
  await page.frameLocator(`iframe[title="${film.title}"]`).owner().waitFor();
  assert.deepEqual(new Set(outsiders), new Set([SCRIPT]));
  await page.evaluate(() => window.film.play());
  await page.waitForFunction(() => window.film.getCurrentTime() > 4);
  await page.evaluate(() => window.film.pause());
  await page.getByRole("button", { name: /^0:0[4-9] to 1:00$/ }).waitFor();
  await isAccessible(page, "watch elsewhere");
  await page.evaluate(() => window.film.options.events.onError({ data: 101 }));
  await page.getByRole("alert").getByText("Its owner does not let the film be shown here.").waitFor();
  await isAccessible(page, "a film that is not to be shown");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Training" }).click();
  await page.waitForFunction(() => !("YT" in window) && document.querySelector("h1")?.textContent === "Training");
  said("a film at YouTube is watched, and nothing of YouTube is before or after its page");
  await isKeptAway({ page, context, messages }, film);
}

async function isKeptAway({ page, context, messages }, film) {
  await settled(page);
  await context.unroute(SCRIPT);
  await context.route(SCRIPT, (route) => route.abort());
  await page.getByRole("link", { name: film.title }).click();
  await page.getByRole("alert").getByText("The player did not come.").waitFor();
  await context.unroute(SCRIPT);
  await context.route(SCRIPT, (route) => route.fulfill({ contentType: "text/javascript", body: PLAYER }));
  await page.getByRole("button", { name: "Try again" }).click();
  await page.frameLocator(`iframe[title="${film.title}"]`).owner().waitFor();
  messages.length = 0;
  said("a player that is kept away is told as such, and may be tried again");
}
