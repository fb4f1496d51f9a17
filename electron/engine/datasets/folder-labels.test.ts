/** What labels and splits come out of folder names, for the ways in which people keep their data. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { labelsFromFolders, nameInDrop } from './folder-labels';

const read = (...names: string[]): string[] =>
  labelsFromFolders(names).map(({ label, split }) => `${String(split)} ${String(label)}`);

test('a folder is a label, with whatever lies below it', () => {
  expect(read('cat/1.jpg', 'cat/indoors/2.jpg', 'dog/1.jpg')).toEqual(['null cat', 'null cat', 'null dog']);
});

test('folders that all share say nothing', () => {
  expect(read('pets-main/images/cat/1.jpg', 'pets-main/images/dog/1.jpg')).toEqual(['null cat', 'null dog']);
  expect(read('cat/1.jpg', 'cat/2.jpg')).toEqual(['null null', 'null null']);
});

test('splits stand above the classes or below them', () => {
  expect(read('train/cat/1.jpg', 'Test/cat/2.jpg', 'val/dog/3.jpg')).toEqual([
    'train cat',
    'test cat',
    'validation dog',
  ]);
  expect(read('cat/train/1.jpg', 'dog/test/2.jpg')).toEqual(['train cat', 'test dog']);
  expect(read('set/train/images/cat/1.jpg', 'set/test/images/dog/1.jpg')).toEqual(['train cat', 'test dog']);
  expect(read('train/1.jpg', 'test/2.jpg')).toEqual(['train null', 'test null']);
});

test('a class called test among others is a class', () => {
  expect(read('cat/1.jpg', 'test/1.jpg')).toEqual(['null cat', 'null test']);
});

test('files beside the class folders have no label', () => {
  expect(read('1.jpg', 'cat/2.jpg', 'dog/3.jpg')).toEqual(['null null', 'null cat', 'null dog']);
  expect(read()).toEqual([]);
});

test('folders dropped together are the classes', () => {
  const roots = [path.join('/photos', 'cat'), path.join('/photos', 'cat-two'), path.join('/photos', 'one.png')];
  const files = [
    { path: path.join('/photos', 'cat', '1.png'), name: '1.png' },
    { path: path.join('/photos', 'cat-two', 'in', '2.png'), name: 'in/2.png' },
    { path: path.join('/photos', 'one.png'), name: 'one.png' },
  ];
  expect(files.map((file) => nameInDrop(roots, file))).toEqual(['cat/1.png', 'cat-two/in/2.png', 'one.png']);
  expect(files.slice(0, 1).map((file) => nameInDrop(roots.slice(0, 1), file))).toEqual(['1.png']);
});
