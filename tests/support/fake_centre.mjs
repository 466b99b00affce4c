// A collector by the letter of the contract (DESIGN section 3) in a few lines, on a client that is not
// ours: keeps one number per probe and epoch, takes the next pack only, answers births and packs.
import mqtt from 'mqtt';
import { until, within } from './servers.mjs';

export class FakeCentre {
  constructor(url, { id = 'c1' } = {}) {
    Object.assign(this, { url, id, packs: [], statuses: [], upto: new Map(), duplicates: 0, ignored: 0, lost: 0 });
    this.hold = null; // reason, or null
    this.refuse = null; // (pack) => reason or null
    this.mute = false; // takes nothing, answers nothing
    this.timeless = false; // its own clock is not set: answers say no time
  }

  async connect() {
    this.boot = Math.floor(Math.random() * 2 ** 48).toString(16).padStart(16, '1');
    this.client = mqtt.connect(this.url, { clientId: `centre-${this.id}`, reconnectPeriod: 100, resubscribe: true, clean: true });
    this.client.on('message', (topic, payload, packet) => this.take(topic, payload, packet));
    this.client.on('error', () => {}); // it connects again by itself
    this.client.on('connect', () => this.client.publish(`ioc/v1/_centre/${this.id}/status`, JSON.stringify({ state: 'online', boot: this.boot }), { retain: true, qos: 1 }));
    await until('the centre is connected', () => this.client.connected);
    await within('the subscription of the centre', this.client.subscribeAsync(['ioc/v1/+/data/#', 'ioc/v1/+/status'], { qos: 1 }));
  }

  close() {
    return within('the end of the centre', this.client.endAsync(true));
  }

  answer(probe, message) {
    this.client.publish(`ioc/v1/${probe}/ack`, JSON.stringify(this.timeless ? message : { ...message, now: Date.now() / 1000 }), { qos: 1 });
  }

  take(topic, payload, packet) {
    const [, , probe, kind, epoch, low, seq] = topic.split('/');
    const body = JSON.parse(payload.toString());
    if (kind === 'status') this.takeStatus(probe, body, packet.retain);
    else if (!this.mute) this.takePack(probe, { epoch, low: Number(low), seq: Number(seq), body });
  }

  takeStatus(probe, status, retained) {
    const before = this.statuses.findLast((s) => s.probe === probe && s.state === 'online');
    const birth = status.state === 'online' && !retained && (before?.boot !== status.boot || before?.conn !== status.conn);
    this.statuses.push({ probe, retained, ...status });
    if (birth && !this.mute) this.answer(probe, { epoch: status.epoch, upto: this.upto.get(`${probe} ${status.epoch}`) ?? 0 });
  }

  // The hold is over: the pack that was sent last is stored after all.
  release() {
    this.hold = null;
    this.takePack(this.held.probe, this.held);
  }

  takePack(probe, pack) {
    const key = `${probe} ${pack.epoch}`;
    const upto = this.upto.get(key) ?? 0;
    const next = Math.max(upto + 1, pack.low);
    if (this.hold !== null) {
      this.held = { probe, ...pack };
      this.answer(probe, { hold: this.hold });
    } else if (pack.seq < next) {
      this.duplicates++;
      this.answer(probe, { epoch: pack.epoch, upto });
    } else if (pack.seq > next) {
      this.ignored++;
      this.answer(probe, { epoch: pack.epoch, upto, gap: true });
    } else {
      this.lost += next - upto - 1;
      const reason = this.refuse?.(pack);
      if (!reason) this.packs.push({ probe, ...pack });
      this.upto.set(key, pack.seq);
      this.answer(probe, { epoch: pack.epoch, upto: pack.seq, ...(reason ? { refused: [[pack.seq, reason]] } : {}) });
    }
  }

  // Every reading taken, SenML resolved: [{name, time, value}]
  readings() {
    return this.packs.filter((pack) => Array.isArray(pack.body)).flatMap((pack) => {
      let bn = '', bt = 0;
      return pack.body.map((r) => {
        bn = r.bn ?? bn;
        bt = r.bt ?? bt;
        return { name: bn + r.n, time: bt + (r.t ?? 0), value: r.v ?? r.vb ?? r.vs };
      });
    });
  }

  lastStatus(probe) {
    return this.statuses.findLast((s) => s.probe === probe);
  }
}
