// Pictures of every screen for docs/screens: light and dark, on a desktop and on a phone.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, logIn, settled, visitor } from "./browser.mjs";
import { startStack } from "./stack.mjs";
import { choose, confirm, giveBack, toReserve } from "./steps.mjs";

const folder = fileURLToPath(new URL("../../docs/screens/", import.meta.url));
const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/** Screens of somebody, each with how to reach it. */
const SCREENS = {
  "max@demo.test": {
    machines: (page) => page.goto("/machines"),
    "machine-ready": (page) => page.goto("/machines/mch_laser"),
    reserve: async (page) => {
      await toReserve(page);
      await choose(page, 3);
    },
    reservation: async (page) => {
      await confirm(page);
      await page.getByText("It is yours.").waitFor();
    },
    reservations: (page) => page.goto("/reservations"),
    account: (page) => page.goto("/account"),
  },
  "ada@demo.test": {
    "machine-steps": (page) => page.goto("/machines/mch_laser"),
    "reserve-refused": (page) => toReserve(page),
    training: (page) => page.goto("/training"),
    watch: async (page) => {
      await page.goto("/training/mod_laser_safety");
      await settled(page);
      await page.locator("video").evaluate((video) => video.play());
      await page.waitForFunction(() => document.querySelector("video").currentTime > 6);
      await page.locator("video").evaluate((video) => video.pause());
      await page.getByText("Saved", { exact: true }).waitFor();
    },
  },
};

async function shoot(page, name) {
  await settled(page);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}${name}.png` });
  console.log(name);
}

/** Leaves the machine as free as it was. */
async function leave(page) {
  await page.goto("/reservations");
  await settled(page);
  await page.getByRole("link", { name: /Laser cutter/ }).first().click();
  await giveBack(page);
}

mkdirSync(folder, { recursive: true });
const stack = await startStack();
const browser = await launch();
try {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [email, screens] of Object.entries(SCREENS)) {
        const { page, context } = await visitor(browser, stack.url, { ...options, colorScheme });
        const name = (screen) => `${screen}-${size}-${colorScheme}`;
        await page.goto("/login");
        if (email === "max@demo.test") await shoot(page, name("login"));
        await logIn(page, email);
        for (const [screen, go] of Object.entries(screens)) {
          await go(page);
          await shoot(page, name(screen));
        }
        if (email === "max@demo.test") await leave(page);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
