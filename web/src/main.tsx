import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { I18nProvider } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { recoverFromLostParts } from "./app/lostParts";
import { queryClient } from "./app/query";
import { router } from "./app/router";
import { dialect } from "./lib/dialect";
import { getLocale } from "./paraglide/runtime";
import "./styles.css";

recoverFromLostParts();

const locale = dialect(getLocale());
document.documentElement.lang = locale;
const place = document.getElementById("app");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <I18nProvider locale={locale}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  );
}
