import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Loading } from "../../ui/Page";
import { titleOf } from "../../ui/words";
import type { Sign } from "./signs";

interface PartProps {
  name: string;
  link?: Pick<LinkProps, "to" | "search">;
  query: { isPending: boolean; error: unknown; refetch(): unknown };
  sign: Sign;
  children?: ReactNode;
}

/** A part, how it is, and its lamp. */
export function Part({ name, link, query, sign, children }: PartProps) {
  return (
    <li className="grid gap-2 bg-plate p-4 sm:grid-cols-[14rem_1fr_auto] sm:items-center">
      <h2 className="font-semibold">{link ? <Link {...link} className="underline underline-offset-4">{name}</Link> : name}</h2>
      {query.error ? (
        <p role="alert" className="flex flex-wrap items-center gap-3">
          {titleOf(asProblem(query.error))}
          {asProblem(query.error).requestId && <span className="text-note">{m.request_id()} {asProblem(query.error).requestId}</span>}
          <Button className="min-h-9! px-3! py-1!" onPress={() => query.refetch()}>{m.retry()}</Button>
        </p>
      ) : query.isPending ? <Loading rows={1} /> : <p className="text-soft">{children}</p>}
      {!query.isPending && <Lamp sign={query.error ? "stop" : sign} />}
    </li>
  );
}

function Lamp({ sign }: { sign: Sign }) {
  switch (sign) {
    case "go":
      return <Badge tone="go">{m.admin_sign_go()}</Badge>;
    case "wait":
      return <Badge tone="wait">{m.admin_sign_wait()}</Badge>;
    case "stop":
      return <Badge tone="stop">{m.admin_sign_stop()}</Badge>;
  }
}
