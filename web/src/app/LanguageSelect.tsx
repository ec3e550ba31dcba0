import { m } from "../paraglide/messages";
import { getLocale, isLocale, setLocale } from "../paraglide/runtime";
import { Select } from "../ui/Field";

/** Each under its own name. */
export const LANGUAGES = [
  { id: "en", name: "English" },
  { id: "de", name: "Deutsch" },
  { id: "pt", name: "Português (Brasil)" },
];

/** The language of the page; the page is loaded anew in it. */
export function LanguageSelect() {
  return (
    <Select
      label={m.language()}
      value={getLocale()}
      options={LANGUAGES}
      onChange={(language) => isLocale(language) && setLocale(language)}
      className="max-w-56"
    />
  );
}
