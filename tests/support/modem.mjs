// A modem with a SIM on a pseudo-terminal (tests/support/gsm_modem.h): `sent` and `deleted` fill as it tells.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { BIN, until } from './servers.mjs';

export class Modem {
  constructor(device) {
    Object.assign(this, { device, sent: [], deleted: [], ready: false });
  }

  async start() {
    this.ready = false;
    this.child = spawn(path.join(BIN, 'gsm_modem_driver'), [this.device], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => this.child.once('close', resolve)); // not 'exit': all that it told has been read
    let text = '';
    this.child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop();
      for (const line of lines) this.#tell(line);
    });
    await until('the modem is there', () => this.ready);
    return this;
  }

  #tell(line) {
    const [word, first, ...rest] = line.split(' ');
    if (word === 'ready') this.ready = true;
    if (word === 'sent') this.sent.push({ number: first, text: rest.join(' ') });
    if (word === 'deleted') this.deleted.push(Number(first));
  }

  // mode: well, refuse (the network takes nothing), silent (it hangs), mute (it takes a text and says no more),
  // slow (it sends a text and says so only in another mode)
  mode(word) {
    this.child.stdin.write(`mode ${word}\n`);
  }

  // A message comes.
  receive(number, text) {
    this.child.stdin.write(`sms ${number} ${text}\n`);
  }

  async kill() {
    this.child?.kill('SIGKILL');
    await this.ended;
  }
}
