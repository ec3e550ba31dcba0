import { useState } from "react";
import type { Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { classes } from "../ui/classes";
import { CancelDialog } from "./CancelDialog";
import { reserveOf } from "./place";
import { isEnded } from "./status";

interface ActsProps {
  one: Schemas["Reservation"];
  /** Tells it from others on the page. */
  about?: string;
}

/** What can still be done with a reservation. */
export function MoveOrCancel({ one, about }: ActsProps) {
  const [isAsking, setAsking] = useState(false);
  if (isEnded(one.status) || Date.parse(one.end) <= Date.now()) return null;
  const named = (word: string) => (about ? { "aria-label": `${word}: ${about}` } : {});
  const look = classes("relative", about && "min-h-9! px-3! py-1!");
  return (
    <div className="flex flex-wrap gap-3">
      {one.status === "confirmed" && (
        <ButtonLink {...reserveOf(one.resource.id)} search={{ move: one.id }} className={look} {...named(m.move())}>{m.move()}</ButtonLink>
      )}
      <Button look="stop" className={look} onPress={() => setAsking(true)} {...named(m.cancel())}>{m.cancel()}</Button>
      <CancelDialog one={one} isOpen={isAsking} onOpenChange={setAsking} />
    </div>
  );
}
