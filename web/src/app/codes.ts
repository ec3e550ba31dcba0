/** Digits without the gaps that apps show between them. */
export function digitsOf(text: string): string {
  return text.replace(/\s/g, "");
}

/** What is shown for a second factor: six digits are a code of the app, all else a recovery code. */
export function shown(text: string): { code: string } | { recoveryCode: string } {
  const digits = digitsOf(text);
  return /^[0-9]{6}$/.test(digits) ? { code: digits } : { recoveryCode: text.trim() };
}

/** A secret as people type it: in fours. */
export function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? "";
}
