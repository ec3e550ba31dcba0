import { Link, type LinkProps } from "@tanstack/react-router";

interface View {
  id: string;
  name: string;
  link: Pick<LinkProps, "to" | "search" | "params">;
}

/** The views of one page, each an address of its own. */
export function Views({ label, views, current }: { label: string; views: readonly View[]; current: string }) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-6 border-b border-line">
        {views.map((view) => (
          <li key={view.id}>
            <Link
              {...view.link}
              aria-current={view.id === current ? "page" : undefined}
              className="-mb-px flex min-h-11 items-center border-b-3 border-transparent font-semibold text-soft hover:text-ink aria-[current=page]:border-enamel aria-[current=page]:text-ink"
            >
              {view.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
