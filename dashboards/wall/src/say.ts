// Words, numbers and times in the language of the moment.
import { HOUR_MS, MINUTE_MS } from './spans.js';
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

// Making a formatter costs more than all its uses.
const formats = new Map<string, Intl.NumberFormat>();

function format(decimals: number): Intl.NumberFormat {
  const key = `${locale()} ${decimals}`;
  const percent = { style: 'percent', minimumFractionDigits: decimals, maximumFractionDigits: decimals } as const;
  const made = formats.get(key) ?? new Intl.NumberFormat(locale(), decimals < 0 ? {} : percent);
  formats.set(key, made);
  return made;
}

export const number = (n: number | null): string => (n === null ? NO_FIGURE : format(-1).format(n));

// The floor, so that 100 % means all of it.
export function ratio(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  const scale = 10 ** (decimals + 2);
  const floor = Math.floor(value * scale + 1e-9) / scale;
  return format(decimals).format(floor);
}

export const share = (part: number, whole: number): string => ratio(whole > 0 ? part / whole : null);

let offsetMs = 7 * HOUR_MS;

// Times are those of the centre, wherever the browser believes to be.
export function setOffset(ms: number): void {
  offsetMs = ms;
}

export const offset = (): number => offsetMs;

const two = (n: number): string => String(n).padStart(2, '0');
const local = (t: string | number): Date => new Date(new Date(t).getTime() + offsetMs);
const dayOf = (date: Date): string => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;

// 14:05 22/11/2026: time first, as it is written in Vietnam.
export function time(text: string | number | null, seconds = false): string {
  if (text === null) return NO_FIGURE;
  const date = local(text);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds ? `:${two(date.getUTCSeconds())}` : ''} ${dayOf(date)}`;
}

// Of today the time alone, of this year without the year.
export function shortTime(text: string, now: number): string {
  const whole = time(text);
  const [then, today] = [dayOf(local(text)), dayOf(local(now))];
  if (then === today) return whole.slice(0, 5);
  return then.slice(-4) === today.slice(-4) ? whole.slice(0, -5) : whole;
}

export const localHour = (t: number): number => local(t).getUTCHours();

// For an input of an instant: as the centre's clock shows it, and back.
export const inputText = (t: number): string => local(t).toISOString().slice(0, 16);
export const inputInstant = (text: string): number => Date.parse(`${text}Z`) - offsetMs;

// A day of the calendar stays that day; an instant is the centre's.
export const day = (text: string | null): string => (text === null ? NO_FIGURE : /^\d{4}-\d\d-\d\d$/.test(text) ? dayOf(new Date(text)) : dayOf(local(text)));

// 24 hours and nothing more are not "24 h 0 min".
const twoUnits = (unit: 'hours' | 'days', whole: number, rest: number): string => (rest > 0 ? say(unit, whole, rest) : say(`whole ${unit}`, whole));

export function duration(ms: number | null): string {
  if (ms === null) return NO_FIGURE;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return say('seconds', Math.max(0, Math.floor(ms / 1000)));
  if (minutes < 60) return say('minutes', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? twoUnits('hours', hours, minutes % 60) : twoUnits('days', Math.floor(hours / 24), hours % 24);
}

const collator = new Intl.Collator('vi', { numeric: true });

export const compareNames = (a: string, b: string): number => collator.compare(a, b);

// For searching: without diacritics and the placement of tones (Hòa = Hoà), small letters.
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();
}
