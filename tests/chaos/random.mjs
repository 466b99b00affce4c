// Everything random of a run comes from its seed, so that a run can be repeated as far as a machine
// repeats itself: the same faults in the same order with the same figures.

export class Random {
  constructor(seed) {
    this.state = seed | 0;
  }

  // mulberry32: 0 .. 1
  unit() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  // A whole number from..to, both included.
  between(from, to) {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  shuffled(list) {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const k = this.between(0, i);
      [out[i], out[k]] = [out[k], out[i]];
    }
    return out;
  }

  // A source of its own, so that what one fault takes does not change the next.
  fork() {
    return new Random(Math.floor(this.unit() * 0x7fffffff));
  }
}
