/** The studio contract, call by call. */
import { AppError } from '../../contract/errors';
import type { Handlers } from '../../contract/server';
import type { StudioContract, StudioInfo } from '../../contract/studio';
import { copyModelFile } from '../services/export/model-file';
import { copyToFolders } from '../services/export/folders';
import { exportRows } from '../services/export/rows';
import { writeTable } from '../services/export/table';
import { finalLabel } from '../../contract/photo';
import path from 'node:path';
import type { Studio } from './studio';

/** `onModels` is told when the list or the choice may have changed. */
export function studioHandlers(studio: Studio, info: () => StudioInfo): Handlers<StudioContract> {
  return {
    ...photoHandlers(studio),
    ...modelHandlers(studio),
    ...exportHandlers(studio),
    ...runHandlers(studio, info),
  };
}

type Part<Prefix extends string> = Pick<
  Handlers<StudioContract>,
  Extract<keyof Handlers<StudioContract>, `${Prefix}.${string}`>
>;

function photoHandlers(studio: Studio): Part<'photos'> {
  return {
    'photos.add': ({ handles }, { signal }) => studio.add(handles, signal),
    'photos.addSamples': async () => ({ added: await studio.addSamples() }),
    'photos.paste': async ({ name, bytes }) => ({ added: await studio.paste(name, bytes) }),
    'photos.page': ({ offset, limit }) => ({ photos: studio.book.page(offset, limit), total: studio.book.size }),
    'photos.remove': async ({ ids }) => ({ removed: await studio.remove(ids) }),
    'photos.forget': ({ ids }) => {
      studio.book.forget(ids);
      return {};
    },
    'photos.correct': async ({ ids, label }) => {
      await studio.correct(ids, label);
      return {};
    },
    'photos.preview': async ({ id }) => ({ url: await studio.preview(id) }),
  };
}

function runHandlers(
  studio: Studio,
  info: () => StudioInfo,
): Part<'run'> & Part<'history'> & Part<'studio'> & Part<'process'> {
  const { pipeline, history, parts } = studio;
  return {
    'studio.info': () => info(),
    'process.retry': async ({ role }) => {
      await parts.workers.retry(role);
      pipeline.resume();
      return {};
    },
    'run.state': () => pipeline.progress(),
    'run.stop': () => {
      pipeline.stop();
      return {};
    },
    'run.resume': () => {
      pipeline.resume();
      return {};
    },
    'run.retry': ({ ids }) => {
      studio.retry(ids);
      return {};
    },
    'history.undo': async () => ({ what: await history.undo() }),
    'history.redo': async () => ({ what: await history.redo() }),
    'history.state': () => history.state(),
  };
}

function modelHandlers(studio: Studio): Part<'models'> {
  const { registry, importer, handles } = studio.parts;
  return {
    'models.list': () => ({ models: registry.list(), selected: registry.selectedIds() }),
    'models.detail': ({ id }) => registry.detail(id),
    'models.select': async ({ ids }) => {
      await studio.select(ids);
      return {};
    },
    'models.inspect': ({ handle, labelsHandle }, { signal }) => {
      const labels = labelsHandle === undefined ? undefined : handles.path(labelsHandle);
      return importer.inspect(handles.path(handle), labels, signal);
    },
    'models.trial': ({ proposal, options }, { signal }) => importer.trial(proposal, options, signal),
    'models.import': async ({ proposal, options, name }, { signal }) => ({
      model: await importer.import(proposal, options, name, signal),
    }),
    'models.discard': ({ proposal }) => {
      importer.discard(proposal);
      return {};
    },
    'models.remove': async ({ id }) => {
      await studio.removeModel(id);
      return {};
    },
    'models.export': async ({ id, target, replace }, { signal, progress }) => {
      const file = handles.path(target);
      const bytes = await copyModelFile({ source: registry.file(id), target: file, replace, signal, progress });
      return { name: path.basename(file), bytes };
    },
  };
}

function exportHandlers(studio: Studio): Part<'export'> {
  const { handles } = studio.parts;
  return {
    'export.table': async ({ format, target, model, threshold, ids, replace }, { signal, progress }) => {
      const file = handles.path(target);
      const records = studio.book.list(ids);
      const rows = exportRows(
        records.map((record) => record.photo),
        model,
        threshold,
      );
      const written = await writeTable({
        format,
        target: file,
        replace,
        rows,
        total: records.length,
        signal,
        progress,
      });
      return { rows: written.rows, name: path.basename(file) };
    },
    'export.folders': ({ target, model, threshold, ids }, { signal, progress }) => {
      const records = studio.book.list(ids).filter(({ photo }) => photo.state === 'judged');
      if (records.length === 0) throw new AppError('usage/bad-argument', 'There is no judged picture to copy yet.');
      const items = records.map(({ photo, path: file }) => ({
        path: file,
        name: photo.name,
        label: finalLabel(photo, model, threshold),
      }));
      return copyToFolders({ target: handles.path(target), items, signal, progress });
    },
  };
}
