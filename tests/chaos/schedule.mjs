// Deals faults from a shuffled deck until the time is over, several at once where they do not hold
// the same thing. What could not be seen to do anything goes back into the deck.
import { sleep } from '../support/servers.mjs';

const AT_ONCE = 6;
const LOOK_MS = 50;

export class Schedule {
  constructor(run, faults, random) {
    Object.assign(this, { run, faults, random, deck: [], running: new Set(), held: new Set(), rounds: 0 });
    this.undealt = new Set(faults.map((f) => f.name));
  }

  // Those that take long come first in a round, so that they end with it.
  #deal() {
    if (this.deck.length === 0) {
      const all = this.random.shuffled(this.faults);
      this.deck = [...all.filter((f) => f.long), ...all.filter((f) => !f.long)];
      this.rounds++;
    }
    const i = this.deck.findIndex((f) => (f.uses ?? []).every((u) => !this.held.has(u)));
    return i < 0 ? null : this.deck.splice(i, 1)[0];
  }

  async #play(fault, random) {
    const { books } = this.run;
    for (const u of fault.uses ?? []) this.held.add(u);
    books.note(`begins: ${fault.name}`);
    let said = null;
    try {
      said = await fault.run(this.run, random);
    } catch (error) {
      books.wrong(`${fault.name}: ${error.stack}`);
    }
    for (const u of fault.uses ?? []) this.held.delete(u);
    if (said === null) {
      books.note(`unseen: ${fault.name}`);
      this.deck.push(fault);
      return;
    }
    this.undealt.delete(fault.name);
    books.count(`fault ${fault.name}`);
    books.say(said);
  }

  // Until `endMs`, then until every fault was seen once (at most `moreMs` longer).
  async play(endMs, moreMs, gap) {
    while (Date.now() < endMs || (this.undealt.size > 0 && Date.now() < endMs + moreMs)) {
      if (Date.now() >= endMs) this.deck = this.deck.filter((f) => this.undealt.has(f.name));
      const fault = this.running.size < AT_ONCE && (Date.now() < endMs || this.deck.length > 0) ? this.#deal() : null;
      if (fault) {
        const play = this.#play(fault, this.random.fork()).finally(() => this.running.delete(play));
        this.running.add(play);
        await sleep(this.random.between(...gap));
      }
      await sleep(LOOK_MS);
    }
    await Promise.all(this.running);
  }
}
