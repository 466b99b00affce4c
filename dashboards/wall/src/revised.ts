// What became of a day's figures since: provisional, final, or revised, when last and why. Pure.
export interface Revision { revision: number; at: string | null; reason: string }
export interface DayFigures { provisional: boolean; changing?: boolean; figures: { revisions?: Revision[] }[] }

export interface Standing { state: 'provisional' | 'final' | 'revised'; last: Revision | null }

// Revision 1 is the first final figure; later ones restate it (FIGURES section 3).
export function standingOf(day: DayFigures): Standing {
  if (day.provisional) return { state: 'provisional', last: null };
  const later = day.figures.flatMap((figure) => figure.revisions ?? []).filter((revision) => revision.revision > 1);
  if (later.length === 0) return { state: 'final', last: null };
  return { state: 'revised', last: later.reduce((newest, revision) => (Date.parse(revision.at ?? '') > Date.parse(newest.at ?? '') ? revision : newest)) };
}
