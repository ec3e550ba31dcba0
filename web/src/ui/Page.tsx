import { type ReactNode, useEffect, useRef, useState } from "react";
import { m } from "../paraglide/messages";

interface PageProps {
  title: string;
  over?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

/** A page with its one heading, which takes the focus when the page is reached by a link. */
export function Page({ title, over, aside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Interlock`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="grid gap-7">
      <header className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="grid gap-2">
          {over && <p className="text-note font-semibold tracking-wide text-soft">{over}</p>}
          <h1 ref={heading} tabIndex={-1} className="text-head font-bold tracking-tight outline-none">
            {title}
          </h1>
        </div>
        {aside}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h2 className="border-b border-line pb-2 text-title font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}

/** Something set apart on a plate. */
export function Plate({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <div className={`rounded-cut border border-line bg-plate p-4 sm:p-5 ${className}`}>{children}</div>
  );
}

/** What waits for an answer; it shows itself only when the answer is late. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" data-loading className="grid gap-3">
      <span className="sr-only">{m.loading()}</span>
      {late &&
        Array.from({ length: rows }, (_, at) => (
          <i key={at} aria-hidden="true" className="block h-16 animate-pulse rounded-cut bg-well" />
        ))}
    </div>
  );
}

/** A page of which nothing is known yet. */
export function LoadingPage() {
  return <Page title={m.loading()}><Loading /></Page>;
}

/** Nothing to show, and where to go from here. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="hatched grid justify-items-start gap-4 rounded-cut border border-line p-6">
      <p className="max-w-prose bg-bench px-1 text-lead">{text}</p>
      {children}
    </div>
  );
}

/** What was done, in a sentence that readers are told. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="rounded-cut border border-go bg-go-wash p-4 font-semibold text-go">
      {children}
    </p>
  );
}
