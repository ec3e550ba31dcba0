// Pictures of every screen for docs/screens: light and dark, on a desktop and on a phone.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, logIn, settled, visitor } from "./browser.mjs";
import { startStack } from "./stack.mjs";
import { choose, confirm, giveBack, job, toReserve } from "./steps.mjs";
import { before } from "./workshop.mjs";

const folder = fileURLToPath(new URL("../../docs/screens/", import.meta.url));
const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/** Screens of somebody, each with how to reach it. */
const SCREENS = {
  "max@demo.test": {
    machines: (page) => page.goto("/machines"),
    hosts: (page) => page.goto("/hosts"),
    host: (page) => page.goto("/hosts/hst_coach"),
    "machine-ready": (page) => page.goto("/machines/mch_laser"),
    reserve: async (page) => {
      await toReserve(page);
      await choose(page, 3);
    },
    reservation: async (page) => {
      await confirm(page);
      await page.getByText("It is yours.").waitFor();
    },
    move: async (page) => {
      await page.getByRole("link", { name: "Move" }).click();
      await page.getByRole("option", { name: /your time now/ }).waitFor();
    },
    reservations: async (page) => {
      await page.goto("/reservations");
      await page.getByRole("button", { name: /^Add to your calendar: / }).click();
      await page.getByRole("link", { name: /^Google: / }).waitFor();
    },
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

/** A file of people, with all that may stand against a line. */
const PEOPLE = "email,name,roles,timezone\nnina@demo.test,Nina,,\nmax@demo.test,Max,,\nNina@demo.test,Nina,,\nnobody,,boss,\nolga@demo.test,Olga,member host,Europe/Lisbon\n";

/** A manager's, after people did something. */
const WORKSHOP = {
  "admin-today": (page) => page.goto("/admin"),
  "admin-checkouts": (page) => page.goto("/admin/checkouts?user=usr_ada"),
  "admin-attendance": (page) => page.goto("/admin/sessions?of=mch_laser&view=upcoming"),
  "admin-machines": (page) => page.goto("/admin/machines"),
  "admin-hosts": (page) => page.goto("/admin/machines?view=hosts"),
  "admin-rules": (page) => page.goto("/admin/machines/mch_laser/rules"),
  "admin-rules-what-if": async (page) => {
    await page.goto("/admin/machines/mch_laser/rules?view=edit");
    await page.getByLabel("Coverage, in per cent").first().waitFor();
    await page.getByLabel("Lowest level").fill("2");
    await page.getByRole("button", { name: "What if?" }).click();
    await page.getByRole("heading", { name: "What if" }).scrollIntoViewIfNeeded();
  },
  "admin-rules-edit": async (page) => {
    await page.goto("/admin/machines/mch_laser/rules?view=edit");
    await page.getByRole("button", { name: "Another quota" }).click();
    await page.getByRole("button", { name: "Ask for more" }).click();
    await page.getByRole("heading", { level: 2, name: "Quotas" }).scrollIntoViewIfNeeded();
  },
  "admin-people": (page) => page.goto("/admin/users?user=usr_max"),
  "admin-import": async (page) => {
    await page.goto("/admin/users/import");
    await page.locator("input[type=file]").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(PEOPLE) });
    await page.getByText(/^To invite: /).waitFor();
  },
  "admin-training": (page) => page.goto("/admin/training"),
  "admin-letters": (page) => page.goto("/admin/notifications?state=sent"),
  "admin-reconciliation": (page) => page.goto("/admin/reconciliation"),
  "admin-deliveries": async (page) => {
    await page.goto("/admin/webhook-events");
    await page.getByRole("row", { name: /BOOKING_CREATED/ }).first().getByRole("link", { name: /,/ }).click();
    await page.getByRole("heading", { level: 2, name: "BOOKING_CREATED" }).waitFor();
  },
  "admin-webhooks": (page) => page.goto("/admin/webhooks"),
  "admin-audit": (page) => page.goto("/admin/audit"),
  "admin-health": (page) => page.goto("/admin/health"),
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

async function members(browser, url) {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [email, screens] of Object.entries(SCREENS)) {
        const { page, context } = await visitor(browser, url, { ...options, colorScheme });
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
}

async function workshop(browser, url) {
  await before(url);
  for (const name of ["webhook-worker", "outbox-notify", "reconcile"]) await job(url, name);
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, context } = await visitor(browser, url, { ...options, colorScheme });
      await logIn(page, "root@demo.test");
      for (const [screen, go] of Object.entries(WORKSHOP)) {
        await go(page);
        await shoot(page, `${screen}-${size}-${colorScheme}`);
      }
      await context.close();
    }
  }
}

/** All of them, or those that are named: `npm run screens -- workshop`. */
const PARTS = { members, workshop };
const wanted = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
const stack = await startStack();
const browser = await launch();
try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await part(browser, stack.url);
  }
} finally {
  await browser.close();
  await stack.stop();
}
