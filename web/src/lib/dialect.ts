/** The country whose usage a language of the page follows: dates, numbers and the word of `lang`. */
const DIALECTS: Record<string, string> = { en: "en-GB", pt: "pt-BR" };

export const dialect = (language: string): string => DIALECTS[language] ?? language;
