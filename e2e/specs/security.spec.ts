/** The ways out of the page, each tried: Node, other addresses, windows, permissions, scripts, the scheme, the network. */
import { readFileSync } from 'node:fs';
import { pageProcess } from '../fixtures/processes';
import { expect, test } from '../fixtures/studio';

test('the page, its workers and its frames have no Node', async ({ studio: { page } }) => {
  const probe = 'typeof require + typeof process + typeof module + typeof Buffer';
  expect(await page.evaluate(() => [typeof require, typeof process, typeof module, typeof Buffer])).toEqual([
    'undefined',
    'undefined',
    'undefined',
    'undefined',
  ]);
  const inWorker = await page.evaluate(
    (source) =>
      new Promise<string>((resolve) => {
        try {
          const worker = new Worker(URL.createObjectURL(new Blob([`postMessage(${source})`])));
          worker.onmessage = ({ data }) => resolve(String(data));
          worker.onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      }),
    probe,
  );
  expect(inWorker).toBe('refused');
});

test('the bridge offers its few verbs and nothing of Electron', async ({ studio: { page } }) => {
  expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'duet') as object).sort())).toEqual([
    'connectEngine',
    'copyText',
    'handlesFor',
    'onCommand',
    'onOpened',
    'openDialog',
    'platform',
    'reveal',
    'saveDialog',
    'setTheme',
  ]);
});

test('no navigation, no new window, no frame from elsewhere', async ({ studio: { app, page, problems } }) => {
  const before = page.url();
  for (const target of ['https://example.invalid/', 'file:///etc/passwd', 'javascript:void(document.title="x")']) {
    await page.evaluate((address) => {
      const link = document.createElement('a');
      link.href = address;
      link.target = '_self';
      document.body.append(link);
      link.click();
      link.remove();
    }, target);
  }
  expect(await page.evaluate(() => window.open('https://example.invalid/'))).toBeNull();
  const frame = await page.evaluate(() => {
    const element = document.createElement('iframe');
    element.src = 'https://example.invalid/';
    document.body.append(element);
    const isEmpty = element.contentDocument === null || element.contentDocument.body.childElementCount === 0;
    element.remove();
    return isEmpty;
  });
  expect(frame).toBe(true);
  expect(page.url()).toBe(before);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  problems.length = 0; // the refusals are reported on the console; that is what was asked for
});

test('every permission is denied, by request and by check', async ({ studio: { app, page } }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const found: string[] = [];
    for (const name of names) {
      const status = await navigator.permissions.query({ name: name as PermissionName });
      found.push(status.state);
    }
    return found;
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  const devices = await page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).catch(() => 'denied'));
  expect(devices).toBe('denied');
  expect(await app.evaluate(({ session }) => session.defaultSession.isPersistent())).toBe(true);
});

test('inline scripts, eval and foreign requests are stopped by the policy', async ({ studio: { page, problems } }) => {
  const result = await page.evaluate(async () => {
    const script = document.createElement('script');
    try {
      script.textContent = 'window.wasInjected = true';
      document.body.append(script);
    } catch {
      // Trusted types refuse the text already.
    }
    let evaluated = 'stopped';
    try {
      evaluated = String(new Function('return 1')());
    } catch {
      // as it should be
    }
    const fetched = await fetch('http://127.0.0.1:9/').then(
      () => 'went out',
      () => 'stopped',
    );
    return { injected: Reflect.get(window, 'wasInjected') === true, evaluated, fetched };
  });
  expect(result).toEqual({ injected: false, evaluated: 'stopped', fetched: 'stopped' });
  problems.length = 0;
});

test('the scheme serves the page and pictures by id, and nothing else', async ({ studio: { app } }) => {
  const statuses = await app.evaluate(async ({ net }) => {
    const addresses = [
      'duet://app/index.html',
      'duet://app/../main.cjs',
      'duet://app/%2e%2e/main.cjs',
      'duet://app/..%5cmain.cjs',
      'duet://app/%00',
      'duet://app/nothing.html',
      'duet://app-evil/index.html',
      'duet://thumb/../settings',
      'duet://thumb/p999999',
      'duet://preview/%2e%2e%2fp1',
    ];
    const found: Record<string, number> = {};
    for (const address of addresses) found[address] = (await net.fetch(address)).status;
    return found;
  });
  const { 'duet://app/index.html': page, ...others } = statuses;
  expect(page).toBe(200);
  for (const status of Object.values(others)) expect([403, 404]).toContain(status);
});

test('requests of any process are refused and counted on screen', async ({ studio: { app, page } }) => {
  const outbound = page.getByRole('button', { name: /outbound/i });
  await expect(outbound).toContainText('0');
  await app.evaluate(async ({ session }) => {
    await session.defaultSession.fetch('http://127.0.0.1:9/').catch(() => undefined);
  });
  await outbound.click();
  await expect(page.getByText(/1 .*refused/i)).toBeVisible();
});

test('calls from frames that are not ours are refused', async ({ studio: { app, page } }) => {
  await page.evaluate(() => {
    for (const [kind, value] of [
      ['srcdoc', '<p>x</p>'],
      ['src', 'about:blank'],
    ] as const) {
      const frame = document.createElement('iframe');
      frame.setAttribute(kind, value);
      document.body.append(frame);
    }
  });
  // A frame has no bridge at all: the preload runs in the main frame only.
  expect(
    await page.evaluate(() =>
      [...document.querySelectorAll('iframe')].map((frame) => frame.contentWindow && 'duet' in frame.contentWindow),
    ),
  ).not.toContain(true);
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('the page runs in a renderer with a seccomp filter unless the tests run as root', async ({ studio: { app } }) => {
  const pid = await pageProcess(app);
  const seccomp = /Seccomp:\s*(\d)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  expect(seccomp).toBe(process.getuid?.() === 0 ? '0' : '2');
});
