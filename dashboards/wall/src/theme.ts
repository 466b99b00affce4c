// Light or dark, as the browser asks for: canvases are drawn in its colours.
const light = matchMedia('(prefers-color-scheme: light)');

export const themeNow = (): 'light' | 'dark' => (light.matches ? 'light' : 'dark');

export function onTheme(act: () => void): void {
  light.addEventListener('change', act);
}
