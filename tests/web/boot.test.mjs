// A page that is opened while the centre answers nothing, or all but one question: it says so within five seconds, by its own timer, draws what
// it has, and is whole once the answers come. Between the browser and the collector stands a server that takes questions and never answers
// those of one kind.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { openBrowser } from './browser.mjs';

const SAYS_WITHIN_MS = 5000; // of the page's clock
const PAGE = /^Chưa nhận được trang từ trung tâm/;
const ANSWER = /^Chưa nhận được trả lời từ trung tâm/;
const STREAM = /^Mất kết nối, số liệu đến \d\d:\d\d:\d\d/;

const folder = freshFolder('boot');
const broker = new Mosquitto(folder);
const centre = new Collector(folder, { wall: { guest: true } });
let browser;

// Takes every connection; what matches waits for ever until `release`, the rest is the collector's.
class Silent {
  constructor(pattern) {
    this.pattern = pattern;
    this.asked = 0;
    this.server = http.createServer((request, response) => this.on(request, response));
  }

  on(request, response) {
    if (this.pattern?.test(request.url)) return void this.asked++;
    const { method, url, headers } = request;
    const onward = http.request(centre.url + url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  async open() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  // New questions are answered; those that wait go on waiting.
  release() {
    this.pattern = null;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const banner = (page) => page.locator('#banner:visible').innerText();

async function before_(silent, act, prepare = () => undefined) {
  await silent.open();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  try {
    const page = await context.newPage();
    await prepare(page);
    await page.goto(`${silent.url}/`, { waitUntil: 'commit' });
    await act(page);
  } finally {
    await context.close();
    silent.close();
  }
}

const whole = (page) => page.waitForFunction(() => document.querySelector('.kinds .tile') && document.querySelector('#banner').hidden);

before(async () => {
  await broker.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  for (const server of [centre, broker]) await server.kill();
});

const begun = () => 'begun' in document.body.dataset;
const drawn = () => document.querySelector('.kinds .tile');
const SAID = [['style', /^\/style-/, PAGE], ['script', /^\/wall-/, PAGE], ['a part of the script', /^\/chunk-/, PAGE], ['configuration', /^\/api\/v1\/wall/, ANSWER, begun], ['overview', /^\/api\/v1\/overview/, ANSWER, begun],
  ['areas', /^\/api\/v1\/areas/, ANSWER, begun], ['sites', /^\/api\/v1\/sites/, ANSWER, begun], ['events', /^\/api\/v1\/events/, STREAM, drawn], ['all of the API', /^\/api\//, ANSWER, begun]];

for (const [name, pattern, words, waits] of SAID) {
  test(`${name} never answered: the page says so within five seconds`, () => {
    const silent = new Silent(pattern);
    return before_(silent, async (page) => {
      await until('it has asked', () => silent.asked > 0);
      if (waits) await page.waitForFunction(waits);
      await page.clock.runFor(SAYS_WITHIN_MS);
      assert.match(await page.locator('#banner').innerText(), words);
      assert.equal(await page.locator('#banner').isVisible(), true);
    }, (page) => page.clock.install());
  });
}

test('slower figures and letters that never come hold up nothing else', () => before_(new Silent(/^\/api\/v1\/(coverage|indicators|outages|power)|woff2/), whole));

test('when answers come again the page is whole by itself: after a script, a configuration or figures that never came', { concurrency: true }, async (t) => {
  const late = [/^\/wall-/, /^\/api\/v1\/wall/, /^\/api\/v1\/sites/, /^\/api\/v1\/events/].map((pattern) => t.test(String(pattern), async () => {
    const silent = new Silent(pattern);
    await before_(silent, async (page) => {
      assert.match(await banner(page), /^(Chưa nhận được|Mất kết nối)/);
      await until('it has asked', () => silent.asked > 0);
      silent.release();
      await whole(page);
      assert.match(await page.locator('#marks').innerText(), /CHẾ ĐỘ KHÁCH/);
    });
  }));
  await Promise.all(late);
});

test('a page that nobody sees gives its stream back, and catches up when it is looked at', () => before_(new Silent(null), async (page) => {
  await whole(page);
  const see = (hidden) => page.evaluate((yes) => {
    Object.defineProperty(document, 'hidden', { value: yes, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
  const closed = page.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('/events') });
  await see(true);
  await closed;
  const asked = ['events', 'overview'].map((path) => page.waitForRequest((request) => request.url().includes(`/api/v1/${path}`)));
  await see(false);
  await Promise.all(asked);
  await whole(page);
}));
