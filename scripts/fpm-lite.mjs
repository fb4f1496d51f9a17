#!/usr/bin/env node
/**
 * Stands in for fpm where it cannot be had: takes the arguments electron-builder gives to fpm for a .deb and makes the
 * package with Debian's own dpkg-deb. Named to electron-builder through CUSTOM_FPM_PATH (see dist.mjs).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const many = { type: 'string', multiple: true };

function read(args) {
  const options = {
    s: { ...text, short: 's' },
    t: { ...text, short: 't' },
    depends: { ...many, short: 'd' },
    force: { type: 'boolean' },
    'deb-recommends': many,
    'deb-priority': text,
    'deb-compression': text,
    architecture: text,
    'after-install': text,
    'after-remove': text,
    category: text,
    description: text,
    version: text,
    iteration: text,
    package: text,
    name: text,
    maintainer: text,
    vendor: text,
    url: text,
    license: text,
  };
  return parseArgs({ args, options, allowPositionals: true });
}

/** First line: the synopsis. Further lines: the description, each with a leading blank, as Debian wants it. */
function describe(raw) {
  const [synopsis = '', ...rest] = raw
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return [synopsis, ...rest.map((line) => ` ${line}`)].join('\n');
}

function controlFile(values, installedKilobytes) {
  const fields = {
    Package: values.name,
    Version: values.iteration ? `${values.version}-${values.iteration}` : values.version,
    Architecture: values.architecture === 'x64' ? 'amd64' : values.architecture,
    Maintainer: values.maintainer,
    'Installed-Size': String(installedKilobytes),
    Depends: values.depends?.join(', '),
    Recommends: values['deb-recommends']?.join(', '),
    Section: values.category ?? 'graphics',
    Priority: values['deb-priority'],
    Homepage: values.url,
    Description: describe(values.description),
  };
  const lines = Object.entries(fields).filter(([, value]) => value);
  return `${lines.map(([key, value]) => `${key}: ${value}`).join('\n')}\n`;
}

/** Copies `from=to`: a trailing slash at `from` means what is in the folder, as with fpm. */
function place(pair, tree) {
  const split = pair.lastIndexOf('=');
  const [from, to] = [pair.slice(0, split), path.join(tree, pair.slice(split + 1))];
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

const { values, positionals } = read(process.argv.slice(2));
if (values.t !== 'deb') throw new Error(`this stand-in makes .deb packages only, not ${values.t}`);
const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'duet-deb-'));
try {
  fs.chmodSync(tree, 0o755);
  for (const pair of positionals) place(pair, tree);
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', tree]);
  const kilobytes = Number(spawnSync('du', ['-sk', tree], { encoding: 'utf8' }).stdout.split('\t')[0]);
  fs.mkdirSync(path.join(tree, 'DEBIAN'));
  fs.writeFileSync(path.join(tree, 'DEBIAN', 'control'), controlFile(values, kilobytes));
  for (const [name, file] of [
    ['postinst', values['after-install']],
    ['postrm', values['after-remove']],
  ]) {
    if (!file) continue;
    fs.copyFileSync(file, path.join(tree, 'DEBIAN', name));
    fs.chmodSync(path.join(tree, 'DEBIAN', name), 0o755);
  }
  // xz at its best takes minutes; gzip at its fastest is for tests.
  const level = process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ?? '6';
  const compression = level === '1' ? ['-Zgzip', '-z1'] : ['-Zxz', `-z${level}`];
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, values.package], {
    stdio: 'inherit',
  });
} finally {
  fs.rmSync(tree, { recursive: true, force: true });
}
