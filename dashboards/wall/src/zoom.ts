// To any area and back: the same page with ?area=.
import { askAnew } from './feed.js';
import { chooseArea } from './settings.js';

export function zoom(area: string): void {
  chooseArea(area);
  askAnew();
}
