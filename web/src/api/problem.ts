import type { components } from "./schema";

type Schemas = components["schemas"];
export type Reason = Schemas["Reason"];

/** What the page itself finds wrong, beside the codes of docs/PROBLEMS.md. */
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";

/** A refusal or failure of the API, as problem+json tells it (RFC 9457). */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** Names the request in the log; empty when no answer came. */
    readonly requestId: string,
    readonly reasons: Reason[],
    readonly fields: Schemas["Fault"][],
    readonly gaps: Schemas["Gap"][],
    /** From `Retry-After`, in seconds. */
    readonly retryAfter: number | undefined,
  ) {
    super(title);
  }

  static unreachable(): ProblemError {
    return new ProblemError(0, UNREACHABLE, "", "", "", [], [], [], undefined);
  }

  /** Whether the same call may succeed a moment later without anybody changing anything. */
  get isPassing(): boolean {
    const busy = this.status === 0 || this.status === 429 || this.status >= 500;
    return busy || this.code === "idempotency_in_progress";
  }
}

/** Reads a refusal; one that is no problem+json (of a gateway, say) keeps its status. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const wait = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const body = await response.json().catch(() => undefined);
  if (!isProblem(body)) {
    return new ProblemError(response.status, UNREADABLE, "", "", "", [], [], [], wait);
  }
  const requestId = body.instance.replace("urn:interlock:request:", "");
  return new ProblemError(
    response.status,
    body.code,
    body.title,
    body.detail,
    requestId,
    body.reasons ?? [],
    body.errors ?? [],
    body.gaps ?? [],
    wait,
  );
}

function isProblem(body: unknown): body is Schemas["Problem"] {
  return typeof body === "object" && body !== null && "code" in body && "instance" in body;
}

/** Any error as a problem; what is not one is a fault of the page and is shown as unreadable. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(0, UNREADABLE, "", String(error), "", [], [], [], undefined);
}
