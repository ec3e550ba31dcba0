import { useMemo, useState } from "react";
import { asProblem, type ProblemError, UNREADABLE } from "../api/problem";
import { m } from "../paraglide/messages";
import { Button } from "./Button";
import { useSecondsTo } from "./seconds";
import { detailOf, titleOf } from "./words";

interface NoticeProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** What the failure means here, before its own words. */
  lead?: string;
  children?: React.ReactNode;
}

/** A refusal or failure with its request id, and the way to try again where that makes sense. */
export function ProblemNotice({ error, onRetry, lead, children }: NoticeProps) {
  const problem = asProblem(error);
  const wait = useCountdown(problem);
  const detail = detailOf(problem);
  return (
    <div role="alert" className="grid justify-items-start gap-3 rounded-cut border border-stop bg-stop-wash p-4">
      {lead && <p className="font-semibold">{lead}</p>}
      <div>
        <p className={lead ? "" : "font-semibold"}>{titleOf(problem)}</p>
        {problem.code === UNREADABLE && problem.status > 0 && (
          <p className="text-note">{m.problem_status({ status: problem.status })}</p>
        )}
        {detail && <p lang="en" className="text-note">{detail}</p>}
      </div>
      {children}
      {onRetry && (
        <Button onPress={onRetry} isDisabled={wait > 0}>
          {wait > 0 ? m.retry_in({ seconds: wait }) : m.retry()}
        </Button>
      )}
      {!onRetry && wait > 0 && <p aria-live="off" className="figures font-semibold">{m.retry_in({ seconds: wait })}</p>}
      {problem.requestId && <RequestId id={problem.requestId} />}
    </div>
  );
}

/** The id an operator finds in the log, with a button that copies it. */
function RequestId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(id).then(() => setCopied(true));
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-note">
      {m.request_id()} <code className="font-mono break-all">{id}</code>
      <Button look="bare" className="min-h-6 py-0" onPress={copy}>
        {copied ? m.copied() : m.copy()}
      </Button>
    </p>
  );
}

/** From when the problem was told on. */
function useCountdown(problem: ProblemError): number {
  const until = useMemo(() => Date.now() + (problem.retryAfter ?? 0) * 1000, [problem]);
  return useSecondsTo(until);
}
