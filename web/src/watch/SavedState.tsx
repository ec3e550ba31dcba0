import { useEffect, useRef, useState } from "react";
import { m } from "../paraglide/messages";
import { age } from "./age";
import type { Saved } from "./session";

/**
 * How well what was watched is kept, and since when. Readers are told of each change of state; the
 * age counts up beside it and is no news.
 */
export function SavedState({ saved }: { saved: Saved }) {
  const passed = useSecondsSince(saved);
  // One that goes on after another says nothing that was not said.
  const last = useRef<Saved>("fresh");
  useEffect(() => {
    if (saved !== "saving") last.current = saved;
  }, [saved]);
  const told = saved === "saving" ? last.current : saved;
  const tone = saved === "unsaved" ? "text-stop" : "text-soft";
  return (
    <div className={`text-note font-semibold ${tone}`}>
      <p role="status" className="sr-only">{WORDS[told]()}</p>
      <p aria-live="off" className="figures">
        {saved === "saved" ? m.saved_ago({ age: age(passed) }) : WORDS[saved]()}
      </p>
    </div>
  );
}

const WORDS: Record<Saved, () => string> = {
  fresh: m.saved_fresh,
  saving: m.saved_saving,
  saved: m.saved_saved,
  unsaved: m.saved_unsaved,
};

/** Whole seconds since it became `saved`. */
function useSecondsSince(saved: Saved): number {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const since = performance.now();
    const update = () => setPassed(Math.floor((performance.now() - since) / 1000));
    update();
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  }, [saved]);
  return passed;
}
