// The colours of css/theme.css: text is readable on every ground, and the five states stay apart for eyes that see two colours.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

type Rgb = [number, number, number]; // linear, 0..1
type Theme = Record<string, Rgb>;

const css = fs.readFileSync(process.env.WALL_THEME!, 'utf8');

const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

function colour(hex: string): Rgb {
  const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join('') : hex.slice(1);
  return [0, 2, 4].map((i) => linear(parseInt(full.slice(i, i + 2), 16) / 255)) as Rgb;
}

const themeOf = (text: string): Theme => Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g)].map(([, name, hex]) => [name!, colour(hex!)]));

const light = css.indexOf('@media');
const THEMES = { dark: themeOf(css.slice(0, light)), light: themeOf(css.slice(light)) };

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

// WCAG 2.2, relative luminance.
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
const SIGHT: Record<string, readonly number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
};

const seen = (c: Rgb, m: readonly number[]): Rgb => [0, 3, 6].map((i) => Math.min(1, Math.max(0, m[i]! * c[0] + m[i + 1]! * c[1] + m[i + 2]! * c[2]))) as Rgb;

// OKLab (Ottosson 2020), and how far two colours are apart in it.
function lab([r, g, b]: Rgb): Rgb {
  const [l, m, s] = [0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b].map(Math.cbrt) as Rgb;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function distance(a: Rgb, b: Rgb): number {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const TEXTS = ['text', 'quiet', 'maintenance', 'unknown', 'warning', 'degraded', 'down-text', 'good'];
const STATES = ['good', 'maintenance', 'unknown', 'degraded', 'down-text'];
const LEAST = 0.08; // OKLab; shape and word are beside every colour

for (const [name, theme] of Object.entries(THEMES)) {
  test(`${name}: text has a contrast of at least 4.5 on both grounds`, () => {
    for (const text of TEXTS) for (const ground of ['ground', 'panel']) {
      const measured = contrast(theme[text]!, theme[ground]!);
      assert.ok(measured >= 4.5, `${text} on ${ground}: ${measured.toFixed(2)}`);
    }
    assert.ok(contrast(theme['on-down']!, theme.down!) >= 3.0, 'the banner is large text');
  });

  test(`${name}: the five states stay apart for every kind of sight`, (t) => {
    const wrong: string[] = [];
    for (const [sight, matrix] of Object.entries(SIGHT)) {
      let least = { pair: '', far: Infinity };
      STATES.forEach((a, i) => STATES.slice(i + 1).forEach((b) => {
        const far = distance(seen(theme[a]!, matrix), seen(theme[b]!, matrix));
        if (far < least.far) least = { pair: `${a} ${b}`, far };
        if (far < LEAST) wrong.push(`${sight}: ${a} ${b} ${far.toFixed(3)}`);
      }));
      t.diagnostic(`${sight}: nearest ${least.pair} ${least.far.toFixed(3)}`);
    }
    assert.deepEqual(wrong, []);
  });
}
