const RELOADED = "interlock-reloaded";
/** Sooner than this the part is missing for good, and loading anew would never end. */
const APART_MS = 60_000;

/**
 * After a deployment an open page may ask for a part that is gone: it is loaded anew, and if the
 * part is still missing the page says so.
 */
export function recoverFromLostParts(): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - last < APART_MS) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
