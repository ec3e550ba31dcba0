/** Lets at most `most` of what it is given run at a time; the rest waits for its turn. */
export function few(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  const free = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    if (running < most) running += 1;
    else await new Promise<void>((turn) => waiting.push(turn));
    try {
      return await run();
    } finally {
      free();
    }
  };
}
