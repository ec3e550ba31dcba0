import { useEffect, useState } from "react";

/** Whole seconds until `instant`, in milliseconds since the epoch; counts down to zero. */
export function useSecondsTo(instant: number): number {
  const [left, setLeft] = useState(() => secondsTo(instant));
  useEffect(() => {
    const update = () => setLeft(secondsTo(instant));
    update();
    const timer = setInterval(update, 500);
    return () => clearInterval(timer);
  }, [instant]);
  return left;
}

function secondsTo(instant: number): number {
  return Math.max(0, Math.ceil((instant - Date.now()) / 1000));
}
