// A list on a wall that nobody scrolls: rows that reach below the end of their box are left out, from the last one on.

const NOTE_REM = 2.6; // room for the line beneath that says how many

// A row that is gone may leave the others so much room beside it that they need less of it above: as many as fit now come back.
function takenBack(hidden: readonly HTMLElement[], room: number): number {
  const first = hidden.findIndex((row) => {
    row.hidden = false;
    row.hidden = row.getBoundingClientRect().bottom > room;
    return row.hidden;
  });
  return first < 0 ? hidden.length : first;
}

// How many rows were left out; the first one stays whatever happens.
export function leaveOut(rows: readonly HTMLElement[], box: HTMLElement): number {
  if (box.scrollHeight <= box.clientHeight + 1 || getComputedStyle(box).overflowY !== 'hidden') return 0;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room = box.getBoundingClientRect().bottom - NOTE_REM * rem;
  const last = Math.max(1, rows.filter((row) => row.getBoundingClientRect().bottom <= room).length);
  rows.slice(last).forEach((row) => { row.hidden = true; });
  return rows.length - last - takenBack(rows.slice(last), room);
}
