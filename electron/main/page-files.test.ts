/** Every escape from the scheme's roots that hardening lists, and the few addresses that are served. */
import { expect, test } from 'vitest';
import { contentPolicy, isOwnFrame } from './content-policy';
import { contentType, isInside, readAddress } from './page-files';
import { filesAmong } from './opened-files';

test.each([
  ['duet://app/', { kind: 'page', relative: 'index.html' }],
  ['duet://app/index.html', { kind: 'page', relative: 'index.html' }],
  ['duet://app/assets/index-a1.js', { kind: 'page', relative: 'assets/index-a1.js' }],
  ['duet://thumb/p12', { kind: 'thumbs', id: 'p12' }],
  ['duet://preview/p12', { kind: 'previews', id: 'p12' }],
])('%s is served', (address, expected) => {
  expect(readAddress(address)).toEqual(expected);
});

test.each([
  'duet://app/a%2fb',
  'duet://app/..%5c..%5cx',
  'duet://app/a%00.html',
  'duet://app//etc/passwd',
  'duet://app-evil/index.html',
  'duet://user@app/index.html',
  'duet://app:80/index.html',
  'duet://thumb/',
  'duet://thumb/p1/x',
  'duet://thumb/%2e%2e',
  'duet://thumb/P1',
  'duet://other/x',
  'file:///etc/passwd',
  'https://app/index.html',
  'not an address',
])('%s is refused', (address) => {
  expect(readAddress(address)).toEqual({ kind: 'refused' });
});

test.each(['duet://app/x/../../etc/passwd', 'duet://app/%2e%2e/%2e%2e/etc/passwd'])(
  'dots in %s never climb above the page',
  (address) => {
    expect(readAddress(address)).toEqual({ kind: 'page', relative: 'etc/passwd' });
  },
);

test('a sibling whose name begins alike is not inside', () => {
  expect(isInside('/app/renderer', '/app/renderer/index.html')).toBe(true);
  expect(isInside('/app/renderer', '/app/renderer-evil/index.html')).toBe(false);
  expect(isInside('/app/renderer', '/app/renderer')).toBe(false);
  expect(isInside('/app/renderer', '/etc/passwd')).toBe(false);
});

test('only kinds of file that the page uses have a content type', () => {
  expect(contentType('a.js')).toContain('javascript');
  expect(contentType('a.cjs')).toBeUndefined();
  expect(contentType('a')).toBeUndefined();
});

test.each([
  ['duet://app/index.html', true, true],
  ['duet://app/', true, true],
  ['duet://app/index.html', false, false],
  ['duet://app-evil/index.html', true, false],
  ['', true, false],
  ['about:blank', true, false],
  ['about:srcdoc', true, false],
  ['blob:duet://app/1', true, false],
])('frame %s (main frame: %s) is ours: %s', (url, isMainFrame, expected) => {
  expect(isOwnFrame(url, isMainFrame)).toBe(expected);
});

test('the policy allows nothing inline', () => {
  expect(contentPolicy).not.toContain('unsafe');
  expect(contentPolicy).toContain("default-src 'none'");
});

test('files among arguments are resolved; switches and other words are not files', () => {
  expect(filesAmong(['.', '--x=a.png', 'a.PNG', '/b/c.onnx', 'notes.txt'], '/home/me')).toEqual([
    '/home/me/a.PNG',
    '/b/c.onnx',
  ]);
});
