/** The ways out of the page, each tried: Node, other addresses, windows, permissions, scripts, the scheme, the network. */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../fixtures/pictures';
import { pageProcess } from '../fixtures/processes';
import { dropFiles, expect, root, test } from '../fixtures/studio';
import { ClassifyPage } from '../pages/classify-page';

/** What the browser writes on the page's console when it refuses; the tests here ask for it. */
const refusals = [
  /^Refused to /,
  /requires 'Trusted/,
  /Not allowed to load local resource/,
  /^Unsafe attempt to load/,
  /^Not allowed to navigate/,
];

interface Bridge {
  setTheme(theme: string): Promise<void>;
}

test('the page and its workers have no Node', async ({ studio: { page, tolerated } }) => {
  tolerated.push(...refusals);
  expect(await page.evaluate(() => [typeof require, typeof process, typeof module, typeof Buffer])).toEqual([
    'undefined',
    'undefined',
    'undefined',
    'undefined',
  ]);
  const inWorker = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        try {
          const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(typeof process)'])));
          worker.onmessage = ({ data }) => resolve(String(data));
          worker.onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      }),
  );
  expect(inWorker).toBe('refused');
});

test('the bridge offers its few verbs and nothing of Electron', async ({ studio: { page } }) => {
  expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'duet') as object).sort())).toEqual([
    'answerClose',
    'connectEngine',
    'copyText',
    'createWorkspace',
    'handlesFor',
    'listWorkspaces',
    'onCloseAsked',
    'onCommand',
    'onEngineHealth',
    'onOpenJob',
    'onOpened',
    'openDialog',
    'openWorkspace',
    'platform',
    'retryEngine',
    'reveal',
    'revealWorkspace',
    'saveDialog',
    'setTheme',
  ]);
});

test('no navigation, no new window, no frame from elsewhere', async ({ studio: { app, page, tolerated } }) => {
  tolerated.push(...refusals);
  await new ClassifyPage(page).judged(14);
  const before = page.url();
  await page.evaluate(() => Reflect.set(window, 'isSamePage', true));
  const html = path.join(temporaryFolder('dropped'), 'page.html');
  writeFileSync(html, '<title>taken over</title>');
  await dropFiles(page, [html]);
  // The answer to the drop comes after any navigation that it could have caused.
  await expect(new ClassifyPage(page).grid.getByText('page.html')).toBeAttached();
  for (const target of [
    'https://example.invalid/',
    'file:///etc/passwd',
    'duet://app/other.html',
    'data:text/html,x',
  ]) {
    await page.evaluate((address) => {
      const link = document.createElement('a');
      link.href = address;
      document.body.append(link);
      link.click();
      link.remove();
      window.location.href = address;
    }, target);
  }
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'javascript:document.title="taken over"';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(await page.evaluate(() => window.open('https://example.invalid/'))).toBeNull();
  expect(await page.evaluate(() => window.open('about:blank'))).toBeNull();
  const frame = await page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const element = document.createElement('iframe');
        element.onload = () => {
          let isReadable = true;
          try {
            isReadable = element.contentDocument?.body.childElementCount === 0;
          } catch {
            isReadable = false;
          }
          element.remove();
          resolve(isReadable);
        };
        element.src = 'duet://app/index.html';
        document.body.append(element);
      }),
  );
  expect(frame, 'the page was shown inside a frame').toBe(false);
  const isLoading = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.isLoading());
  await expect.poll(isLoading).toBe(false);
  expect(page.url()).toBe(before);
  expect(await page.evaluate(() => document.title)).toBe('Duet');
  expect(await page.evaluate(() => Reflect.get(window, 'isSamePage') as unknown)).toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('every permission is denied, by request and by check', async ({ studio: { page } }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const found: Record<string, string> = {};
    for (const name of names) {
      const status = await navigator.permissions.query({ name: name as PermissionName });
      found[name] = status.state;
    }
    return found;
  });
  expect(new Set(Object.values(states)), JSON.stringify(states)).toEqual(new Set(['denied']));
  const asked = await page.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(String, String),
    place: await new Promise<string>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('told'),
        ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'denied' : `code ${code}`),
      ),
    ),
    midi: await navigator.requestMIDIAccess().then(String, String),
  }));
  expect(asked.notifications).toBe('denied');
  expect(asked.camera).toMatch(/NotAllowedError|NotFoundError/);
  expect(asked.place).toBe('denied');
  expect(asked.midi).toMatch(/SecurityError|NotAllowedError/);
});

test('inline scripts, eval and foreign requests are stopped by the policy', async ({ studio: { page, tolerated } }) => {
  tolerated.push(...refusals);
  const result = await page.evaluate(async () => {
    // The debugger's own first step may evaluate anything; what runs later is under the page's policy.
    await new Promise((resolve) => setTimeout(resolve));
    const attempt = async (work: () => unknown): Promise<string> => {
      try {
        return String(await work());
      } catch {
        return 'stopped';
      }
    };
    const injected = async (make: () => HTMLElement): Promise<string> => {
      Reflect.deleteProperty(window, 'wasInjected');
      await attempt(() => document.body.append(make()));
      await new Promise((resolve) => setTimeout(resolve));
      return Reflect.get(window, 'wasInjected') === true ? 'ran' : 'stopped';
    };
    return {
      script: await injected(() => {
        const script = document.createElement('script');
        script.append(document.createTextNode('window.wasInjected = true'));
        return script;
      }),
      handler: await injected(() => {
        const image = document.createElement('img');
        image.setAttribute('onerror', 'window.wasInjected = true');
        image.src = 'data:,';
        return image;
      }),
      markup: await attempt(() => {
        document.createElement('div').innerHTML = '<p>markup</p>';
        return 'ran';
      }),
      evaluated: await attempt(() => Reflect.construct(Function, ['return 1'])),
      style: await attempt(() => {
        const style = document.createElement('style');
        style.append(document.createTextNode('html { --probe: reached }'));
        document.head.append(style);
        const value = getComputedStyle(document.documentElement).getPropertyValue('--probe').trim();
        style.remove();
        return value === '' ? 'stopped' : value;
      }),
      fetched: await attempt(async () => (await fetch('http://127.0.0.1:9/')).status),
      socket: await attempt(
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket('ws://127.0.0.1:9/');
            socket.onopen = () => resolve('open');
            socket.onerror = reject;
          }),
      ),
    };
  });
  expect(new Set(Object.values(result)), JSON.stringify(result)).toEqual(new Set(['stopped']));
});

test('every answer of the scheme carries the policy, without a loophole', async ({ studio: { app } }) => {
  const headers = await app.evaluate(async ({ net }) => {
    const { headers: found } = await net.fetch('duet://app/index.html');
    return { policy: found.get('content-security-policy') ?? '', sniff: found.get('x-content-type-options') };
  });
  expect(headers.policy).toContain("default-src 'none'");
  expect(headers.policy).toContain("script-src 'self';");
  expect(headers.policy).toContain("require-trusted-types-for 'script'");
  expect(headers.policy).not.toMatch(/unsafe-|\*|https?:|data:/);
  expect(headers.sniff).toBe('nosniff');
});

test('the scheme serves the page and pictures by id, and nothing else', async ({ studio: { app, page } }) => {
  await new ClassifyPage(page).judged(14);
  const link = path.join(root, 'dist', 'renderer', 'link-out.html');
  rmSync(link, { force: true });
  symlinkSync('../../package.json', link);
  try {
    const answers = await app.evaluate(async ({ net }) => {
      const addresses = [
        'duet://app/index.html',
        'duet://thumb/p1',
        'duet://app/link-out.html',
        'duet://app/../main.cjs',
        'duet://app/%2e%2e/main.cjs',
        'duet://app/%2e%2e%2fmain.cjs',
        'duet://app/..%5cmain.cjs',
        'duet://app/%00',
        'duet://app/nothing.html',
        'duet://app-evil/index.html',
        'duet://evil/index.html',
        'duet://thumb/../settings',
        'duet://thumb/p999999',
        'duet://preview/%2e%2e%2fp1',
      ];
      const found: Record<string, string> = {};
      for (const address of addresses) {
        found[address] = await net.fetch(address).then(
          async (answer) => `${answer.status} ${(await answer.text()).length > 0 ? 'with a body' : 'empty'}`,
          (error: unknown) => String(error),
        );
      }
      return found;
    });
    const { 'duet://app/index.html': index, 'duet://thumb/p1': thumb, ...others } = answers;
    expect(index).toBe('200 with a body');
    expect(thumb).toBe('200 with a body');
    for (const [address, answer] of Object.entries(others))
      expect(answer, address).toMatch(/^((403|404) empty|TypeError: Invalid URL)$/);
  } finally {
    rmSync(link, { force: true });
  }
});

test('requests of any process are refused and counted on screen', async ({ studio: { app, page } }) => {
  const outbound = page.getByRole('button', { name: /^0 out/ });
  await outbound.click();
  const refused = page.getByRole('definition').last();
  await expect(refused).toHaveText('0');
  const fromSession = await app.evaluate(({ session }) =>
    session.defaultSession.fetch('http://127.0.0.1:9/').then(String, String),
  );
  expect(fromSession).toContain('ERR_BLOCKED_BY_CLIENT');
  await expect(refused).toHaveText('1');
  await expect(outbound).toBeVisible();
});

test('every call from a page that is not ours is refused', async ({ studio: { app, page } }) => {
  const verbs: [string, ...unknown[]][] = [
    ['openDialog', 'pictures'],
    ['saveDialog', 'csv', 'x.csv'],
    ['reveal', 'h1'],
    ['setTheme', 'dark'],
    ['copyText', 'stolen'],
    ['connectEngine'],
    ['retryEngine'],
  ];
  const preload = path.join(root, 'dist', 'preload.cjs');
  for (const address of ['data:text/html,<title>foreign</title>', 'about:blank']) {
    const answers = await app.evaluate(
      async ({ BrowserWindow }, given) => {
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload: given.preload, sandbox: true } });
        await foreign.loadURL(given.address);
        const found: Record<string, unknown> = {};
        for (const [verb, ...args] of given.verbs) {
          const call = `duet.${verb}(...${JSON.stringify(args)})`;
          found[verb] = await foreign.webContents.executeJavaScript(
            `${call}.then((reply) => 'answered ' + JSON.stringify(reply), (error) => error.message)`,
          );
        }
        foreign.destroy();
        return found;
      },
      { preload, address, verbs },
    );
    for (const [verb] of verbs) expect(String(answers[verb]), `${verb} from ${address}`).toContain('call/bad-request');
  }
  expect(
    await page.evaluate(() => (Reflect.get(window, 'duet') as Bridge).setTheme('light').then(() => 'answered')),
  ).toBe('answered');
});

test('a frame within our page has no bridge', async ({ studio: { page } }) => {
  const found = await page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const kinds = ['duet', 'require', 'process'].map((name) => typeof Reflect.get(frame.contentWindow!, name));
    frame.remove();
    return kinds;
  });
  expect(found).toEqual(['undefined', 'undefined', 'undefined']);
});

test('a page that blanks itself is brought back', async ({ studio: { page } }) => {
  await new ClassifyPage(page).judged(14);
  // The browser asks nobody before it shows about:blank.
  await page.evaluate(() => {
    window.location.href = 'about:blank';
  });
  await new ClassifyPage(page).judged(14);
  expect(page.url()).toBe('duet://app/index.html');
});

test('names and metadata are shown as text', async ({ studio: { page } }) => {
  const folder = temporaryFolder('names');
  const name = `<img src=x onerror=fetch('http:127.0.0.1:9')>.jpg`;
  writeFileSync(path.join(folder, name), 'no picture');
  await new ClassifyPage(page).judged(14);
  await dropFiles(page, [folder]);
  await expect(page.getByText(name).first()).toBeVisible();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await expect(page.getByRole('button', { name: /^0 out/ })).toBeVisible();
});

test('the renderer is asked for its sandbox, and has one unless the tests run as root', async ({ studio: { app } }) => {
  const pid = await pageProcess(app);
  const seccomp = /Seccomp:\s*(\d)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // Playwright starts Electron with --no-sandbox; sandbox.spec.ts starts the packaged application without it.
  expect(seccomp).toMatch(/^[02]$/);
  const asked = await app.evaluate(({ BrowserWindow }) => {
    const contents: unknown = BrowserWindow.getAllWindows()[0]!.webContents;
    return (contents as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(asked).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});
