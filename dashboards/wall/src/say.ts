// Words, numbers and times in the language of the moment.
import { words, type Word } from './words.js';

export type Language = 'vi' | 'en';

const KEPT = 'language';
const NO_FIGURE = '–';
let language: Language = first();

function first(): Language {
  const wanted = new URLSearchParams(globalThis.location?.search ?? '').get('lang') ?? globalThis.localStorage?.getItem(KEPT);
  return wanted === 'en' ? 'en' : 'vi';
}

export const currentLanguage = (): Language => language;

export function setLanguage(next: Language): void {
  language = next;
  globalThis.localStorage?.setItem(KEPT, next);
}

export const locale = (): string => (language === 'vi' ? 'vi-VN' : 'en-GB');

export function say(key: Word, ...values: (string | number)[]): string {
  return values.reduce<string>((text, value, i) => text.replace(`{${i}}`, String(value)), words[key][language]);
}

// A word made of a thing's name that a newer collector may know and this page does not: then the name itself.
export function sayOf(prefix: string, name: string): string {
  const key = `${prefix} ${name}`;
  return key in words ? say(key as Word) : name;
}

export const technologyName = (technology: string): string => (`technology ${technology}` in words ? sayOf('technology', technology) : technology.toUpperCase());

export const number = (n: number | null): string => (n === null ? NO_FIGURE : new Intl.NumberFormat(locale()).format(n));

// The floor, so that 100 % means all of it.
export function ratio(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  const scale = 10 ** (decimals + 2);
  const floor = Math.floor(value * scale + 1e-9) / scale;
  return new Intl.NumberFormat(locale(), { style: 'percent', minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(floor);
}

export const share = (part: number, whole: number): string => ratio(whole > 0 ? part / whole : null);

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };
const DAY: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };

// 14:05 22/11/2026: time first, as it is written in Vietnam.
export function time(text: string | number | null, seconds = false): string {
  if (text === null) return NO_FIGURE;
  const date = new Date(text);
  const clock = date.toLocaleTimeString('en-GB', seconds ? { ...CLOCK, second: '2-digit' } : CLOCK);
  return `${clock} ${date.toLocaleDateString('en-GB', DAY)}`;
}

export const day = (text: string | null): string => (text === null ? NO_FIGURE : new Date(text).toLocaleDateString('en-GB', DAY));

export function duration(ms: number | null): string {
  if (ms === null) return NO_FIGURE;
  const minutes = Math.floor(ms / 60000);
  if (minutes < 1) return say('seconds', Math.max(0, Math.floor(ms / 1000)));
  if (minutes < 60) return say('minutes', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? say('hours', hours, minutes % 60) : say('days', Math.floor(hours / 24), hours % 24);
}

export const compareNames = (a: string, b: string): number => new Intl.Collator('vi').compare(a, b);

// For searching: without diacritics and the placement of tones (Hòa = Hoà), small letters.
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();
}
