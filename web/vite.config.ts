import { paraglideVitePlugin } from "@inlang/paraglide-js";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { apiBase } from "./src/api/origin";

/** A wrong address of the API stops the build and not the page. */
const checkedOrigin = {
  name: "checked-origin",
  config: (_: unknown, { mode }: { mode: string }) => {
    apiBase(loadEnv(mode, import.meta.dirname).VITE_API_ORIGIN);
  },
};

export default defineConfig({
  plugins: [
    checkedOrigin,
    tailwindcss(),
    react(),
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/paraglide",
      strategy: ["localStorage", "preferredLanguage", "baseLocale"],
    }),
  ],
  build: {
    manifest: true,
    target: "es2022",
    // An inlined file would be a data: address, which the policy does not admit for fonts.
    assetsInlineLimit: 0,
    // React changes less often than we do: apart, it stays in caches over our releases.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "react", test: /node_modules\/(react|react-dom|scheduler)\// }] } },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:9000" } },
});
