import type { components } from "./schema";

type Schemas = components["schemas"];
export type Reason = Schemas["Reason"];

/** What the page itself finds wrong, beside the codes of docs/PROBLEMS.md. */
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";

interface Told {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  requestId?: string;
  reasons?: Reason[] | undefined;
  fields?: Schemas["Fault"][] | undefined;
  retryAfter?: number | undefined;
}

/** A refusal or failure of the API, as problem+json tells it (RFC 9457). */
export class ProblemError extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** More than the title, in English. */
  readonly detail: string;
  /** Names the request in the log; empty when no answer came. */
  readonly requestId: string;
  readonly reasons: Reason[];
  /** What is wrong with each field of the form. */
  readonly fields: Schemas["Fault"][];
  /** From `Retry-After`, in seconds. */
  readonly retryAfter: number | undefined;

  constructor({ status, code, title = "", detail = "", requestId = "", ...rest }: Told) {
    super(title);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.requestId = requestId;
    this.reasons = rest.reasons ?? [];
    this.fields = rest.fields ?? [];
    this.retryAfter = rest.retryAfter;
  }

  static unreachable(): ProblemError {
    return new ProblemError({ status: 0, code: UNREACHABLE });
  }

  /** Whether the same call may succeed a moment later without anybody changing anything. */
  get isPassing(): boolean {
    const busy = this.status === 0 || this.status === 429 || this.status >= 500;
    return busy || this.code === "idempotency_in_progress";
  }
}

/** Reads a refusal; one that is no problem+json (of a gateway, say) keeps its status. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const { status, headers } = response;
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  const body = await response.json().catch(() => undefined);
  if (!isProblem(body)) return new ProblemError({ status, code: UNREADABLE, retryAfter });
  const { code, title, detail, instance, reasons, errors: fields } = body;
  const requestId = instance.replace("urn:interlock:request:", "");
  return new ProblemError({ status, code, title, detail, requestId, reasons, fields, retryAfter });
}

function isProblem(body: unknown): body is Schemas["Problem"] {
  return typeof body === "object" && body !== null && "code" in body && "instance" in body;
}

/** Any error as a problem; what is not one is a fault of the page and is shown as unreadable. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError({ status: 0, code: UNREADABLE, detail: String(error) });
}
