/** Mirrors the engine's data sets and jobs into the Data screen's part of the store. */
import type { DatasetEntry } from '../../electron/contract/datasets';
import type { StudioClient } from '../engine/engine-link';
import { getData, loadReport, reload, setData, showSomething } from './data-load';
import { failureOf } from './messages';
import type { Studio } from './studio';
import { tilesOf } from './tile-sheets';

export function mirrorData(studio: Studio, client: StudioClient): void {
  client.on('datasets.changed', ({ datasets }) => takeDatasets(studio, datasets));
  client.on('datasets.edited', ({ id, revision }) => {
    const { shown, detail } = getData(studio);
    if (shown === id && detail?.revision !== revision) reload(studio);
  });
  client.on('jobs.ended', ({ job }) => {
    const { checking, shown } = getData(studio);
    if (job.id !== checking || shown === null) return;
    setData(studio, { checking: null });
    void loadReport(studio, shown);
  });
  loadList(studio, client);
}

function loadList(studio: Studio, client: Pick<StudioClient, 'call'>): void {
  client
    .call('datasets.list', {})
    .then(({ datasets }) => {
      takeDatasets(studio, datasets);
      // After a restart of the engine the open data set may have lost its last changes.
      tilesOf(studio).retry();
      reload(studio);
    })
    .catch((error: unknown) => {
      const failure = failureOf(error);
      if (failure.code !== 'engine/crashed' && failure.code !== 'engine/closed')
        setData(studio, { listFailure: failure });
    });
}

function takeDatasets(studio: Studio, datasets: readonly DatasetEntry[]): void {
  const { shown, datasets: before, detail } = getData(studio);
  const now = datasets.find((entry) => entry.id === shown);
  const old = before.find((entry) => entry.id === shown);
  setData(studio, { datasets, isListed: true, listFailure: null });
  // Another data set may come under the same id.
  const ids = new Set(datasets.map((entry) => entry.id));
  for (const { id } of before) if (!ids.has(id)) tilesOf(studio).forget(id);
  if (studio.store.getState().screen !== 'data') return;
  if (now === undefined) showSomething(studio);
  else if (detail === null || hasGrown(old, now)) reload(studio);
}

function hasGrown(old: DatasetEntry | undefined, now: DatasetEntry): boolean {
  return old?.state !== now.state || old.samples !== now.samples || old.toLookAt !== now.toLookAt;
}
