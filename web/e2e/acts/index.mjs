// Acts of the manager's side, on machines and people of their own so that they can be walked beside others.
import { logIn, visitor } from "../browser.mjs";
import { cookieOf } from "../stack.mjs";
import { importsPeople } from "./import.mjs";
import { editsAMachine, makesAMachine } from "./machines.mjs";
import * as people from "./people.mjs";
import * as rules from "./rules.mjs";
import * as training from "./training.mjs";
import { saysForWhomAndWhen } from "./whom.mjs";
import * as works from "./works.mjs";

/** What disturbs nobody else. Answers the id of the person who came. */
export async function acts(browser, url) {
  const header = await cookieOf(url, "root@demo.test");
  const root = await visitor(browser, url);
  const mia = await visitor(browser, url);
  await Promise.all([logIn(root.page, "root@demo.test"), logIn(mia.page, "mia@demo.test")]);
  await makesAMachine(root, url, header);
  await editsAMachine(root, url, header);
  await rules.writesRules(root, url, header);
  await rules.plansRules(root, url, header);
  await rules.proposesRules(root, mia, url, header);
  await rules.limitsHowMuch(root, url, header);
  await saysForWhomAndWhen(root, url, header);
  await training.makesAModule(root, url, header);
  await training.changesAModule(root, url, header);
  const otto = await people.invites(root, url, header);
  await people.mendsAnAddress(root, url);
  await importsPeople(root, url, header);
  await people.suspends(browser, root, url, header, otto);
  await people.givesRoles(root, url, header, otto);
  await people.makesAHost(root, url, header, otto);
  await people.staysWithinScope(browser, url, header, otto);
  const made = await works.makesAWebhook(root, url, header);
  await works.removesAWebhook(root, url, header, made);
  await Promise.all([root.context.close(), mia.context.close()]);
  return otto;
}

/** What others would notice: nothing else is walked meanwhile. The last of it closes machines. */
export async function actsAlone(browser, url, otto) {
  const header = await cookieOf(url, "root@demo.test");
  const root = await visitor(browser, url);
  await logIn(root.page, "root@demo.test");
  await rules.areInForce(root, url, header);
  await works.sendsAgain(root, url, header);
  await works.replaysTheDead(root, url, header);
  await training.looksAtAWatch(browser, root, url, header);
  await training.recordsAProof(root, url, header);
  await people.bans(root, url, header);
  await people.showsItFirst(browser, url, header, otto);
  await works.closesFindings(root, url, header);
  await root.context.close();
}
