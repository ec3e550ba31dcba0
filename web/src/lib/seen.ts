import { type RefObject, useEffect, useState } from "react";

/** Whether something has come near the window; once it has, it stays so. */
export function useSeen(where: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (isSeen || !where.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      { rootMargin: "200px" },
    );
    observer.observe(where.current);
    return () => observer.disconnect();
  }, [isSeen, where]);
  return isSeen;
}
