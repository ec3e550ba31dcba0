import { Flag } from "../lib/flag";
import { readProblem } from "./problem";

/** Whether a call waits for the second factor to be shown again. */
export const stepUpAsked = new Flag();

const waiting: ((isShown: boolean) => void)[] = [];

/** Several calls wait for one showing; where nobody can be asked the answer is no. */
function askForStepUp(): Promise<boolean> {
  if (!stepUpAsked.isSeen) return Promise.resolve(false);
  return new Promise((resolve) => {
    waiting.push(resolve);
    stepUpAsked.set(true);
  });
}

/** Lets every call that waits go on, or be refused as it was. */
export function answerStepUp(isShown: boolean): void {
  const all = waiting.splice(0);
  stepUpAsked.set(false);
  for (const answer of all) answer(isShown);
}

/**
 * Sends a call; where the second factor must be shown again, it is asked for and the same call is
 * sent once more, so that no screen has to know which calls are dangerous.
 */
export async function sendWithStepUp(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 403) return response;
  const { code } = await readProblem(response.clone());
  if (code !== "step_up_required" || !(await askForStepUp())) return response;
  return fetch(again);
}
