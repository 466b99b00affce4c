// Tables as files for spreadsheets: a byte order mark, semicolons, and numbers as the language writes them, thousands not apart. Pure.
import type { Language } from './say.js';

const MARK = '\ufeff';
const GROUPED: Record<Language, RegExp> = { vi: /^-?\d{1,3}(\.\d{3})+(,\d+)?$/, en: /^-?\d{1,3}(,\d{3})+(\.\d+)?$/ };
const GROUP: Record<Language, string> = { vi: '.', en: ',' };
const NUMBER = /^-?[\d.,]+\s?%?$/;

// What a spreadsheet would take for a formula stays a text.
const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text);

const ungrouped = (text: string, language: Language): string => (GROUPED[language].test(text) ? text.replaceAll(GROUP[language], '') : text);

function field(text: string, language: Language): string {
  const plain = safe(ungrouped(text.replaceAll('\u00a0', ' ').trim(), language));
  return /[;"\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csvText(rows: readonly (readonly string[])[], language: Language): string {
  return MARK + rows.map((row) => `${row.map((text) => field(text, language)).join(';')}\r\n`).join('');
}
