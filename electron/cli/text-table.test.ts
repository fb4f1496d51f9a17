/** Columns line up whatever the text is made of, and no name can steer the terminal. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmless, jsonLine, Terminal } from './terminal';
import { type Column, factLines, fitText, tableLine, textWidth, wrapText } from './text-table';

const columns: Column[] = [
  { title: 'label', width: 8, align: 'left' },
  { title: 'confidence', width: 10, align: 'right' },
  { title: 'file', width: 0, align: 'left' },
];

test('cells are cut and padded by their width on the screen', () => {
  const lines = [
    tableLine(columns, ['kite', '54.7\u202f%', 'a.jpg']),
    tableLine(columns, ['German shepherd', '9.0\u202f%', 'a very long name that is never cut.jpg']),
    tableLine(columns, ['\u732b\u732b\u732b\u732b\u732b', '1.0\u202f%', 'b.jpg']),
    tableLine(columns, ['e\u0301te\u0301', '', 'c.jpg']),
  ];
  expect(lines).toEqual([
    'kite          54.7\u202f%  a.jpg',
    'German …       9.0\u202f%  a very long name that is never cut.jpg',
    '\u732b\u732b\u732b…        1.0\u202f%  b.jpg',
    'e\u0301te\u0301                   c.jpg',
  ]);
});

test('a fitted text is never wider than its room', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(textWidth(fitText(text, width))).toBeLessThanOrEqual(width);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test('facts share one column; prose breaks at spaces', () => {
  expect(
    factLines([
      ['a', '1'],
      ['long', '2'],
    ]),
  ).toEqual(['  a     1', '  long  2']);
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
});

test('control characters in names are shown, not sent', () => {
  expect(harmless('a\u001b[2Jb\u009b1m\nc\u202egpj')).toBe('a\\u{1b}[2Jb\\u{9b}1m\\u{a}c\\u{202e}gpj');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = jsonLine({ text });
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      expect(JSON.parse(line)).toEqual({ text });
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test('on a terminal, progress is redrawn below the results; elsewhere it is a line of its own', () => {
  const written: string[] = [];
  const stream = (isTTY: boolean) => ({ write: (text: string) => written.push(text) > 0, isTTY, columns: 40 });
  const there = new Terminal({ out: stream(true), err: stream(true), wantsColour: true });
  there.progress('1 of 2');
  there.print('kite');
  there.progress('');
  expect(written.splice(0)).toEqual(['1 of 2', '\r\u001b[2K', 'kite\n', '1 of 2', '\r\u001b[2K']);
  expect(there.tone('x', 'bold')).toBe('\u001b[1mx\u001b[0m');
  const unsized = new Terminal({ out: stream(true), err: { ...stream(true), columns: 0 }, wantsColour: true });
  unsized.progress('x'.repeat(100));
  expect(written.splice(0)).toEqual(['x'.repeat(79)]);
  const elsewhere = new Terminal({ out: stream(false), err: stream(false), wantsColour: true });
  elsewhere.progress('1 %');
  elsewhere.progress('1 %');
  elsewhere.print('kite');
  elsewhere.progress('');
  expect(written).toEqual(['1 %\n', 'kite\n']);
  expect(elsewhere.tone('x', 'bold')).toBe('x');
});
