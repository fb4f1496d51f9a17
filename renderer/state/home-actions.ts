/** Home at work: finds a pair, has it draw and judge in small parts, so that pictures appear one by one. */
import { isCancelled } from '../../electron/contract/errors';
import { type HomeState, initialHome } from './home-state';
import { generatorsOf } from './judges';
import { failureOf } from './messages';
import type { Studio } from './studio';

const perDrawing = 60;
/** Few enough that the first pictures are there at once. */
const perCall = 12;
const seed = 7;
/** The one to greet with, when it is there. */
const greeter = 'digits-gan';

function setHome(studio: Studio, change: Partial<HomeState>): void {
  studio.store.setState((state) => ({ home: { ...state.home, ...change } }));
}

const getHome = (studio: Studio): HomeState => studio.store.getState().home;

/** Looks for a pair and, the first time, has it draw by itself. */
export async function beginHome(studio: Studio): Promise<void> {
  const { models } = studio.store.getState();
  const generators = generatorsOf(models);
  const chosen = generators.find(({ id }) => id === greeter) ?? [...generators].sort((a, b) => b.madeAt - a.madeAt)[0];
  const { pair, phase } = getHome(studio);
  if (chosen === undefined) {
    setHome(studio, { ...initialHome, phase: 'none' });
    return;
  }
  if (pair?.generator === chosen.id || phase === 'drawing') return;
  setHome(studio, { ...initialHome });
  try {
    const about = await studio.engine.call('generation.about', { model: chosen.id });
    setHome(studio, {
      pair: { generator: chosen.id, judge: about.judge, classes: about.classes },
      shape: about.shape,
      phase: 'drawn',
    });
  } catch (error) {
    setHome(studio, { phase: 'failed', failure: failureOf(error) });
    return;
  }
  await drawMore(studio);
}

/** The next drawings of the same seed. */
export async function drawMore(studio: Studio): Promise<void> {
  const { pair, next, phase } = getHome(studio);
  if (pair === null || phase === 'drawing') return;
  setHome(studio, { phase: 'drawing', samples: new Uint8Array(0), items: [], wanted: perDrawing, failure: null });
  try {
    for (let made = 0; made < perDrawing; made += perCall) {
      const part = await studio.engine.call('generation.draw', {
        model: pair.generator,
        seed,
        class: null,
        controls: {},
        from: next + made,
        count: Math.min(perCall, perDrawing - made),
        judge: pair.judge,
      });
      const { samples, items } = getHome(studio);
      setHome(studio, {
        shape: part.shape,
        samples: joined(samples, part.samples),
        items: [...items, ...part.items],
        next: next + made + part.items.length,
      });
    }
    setHome(studio, { phase: 'drawn' });
  } catch (error) {
    if (isCancelled(error)) setHome(studio, { phase: 'drawn' });
    else setHome(studio, { phase: 'failed', failure: failureOf(error) });
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
