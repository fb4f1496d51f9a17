/** The life of one job: a pure function from what it was and what happened to what it is. */
import type { Failure } from '../../contract/errors';
import type { JobState } from '../../contract/jobs';
import type { ChangeEvent, JobEvent, StopTarget, StoredResult } from './events';

/** `pausing` is what the page sees of a running job that was asked to stop. */
export type RecordState = Exclude<JobState, 'pausing'>;
type Added = Extract<JobEvent, { event: 'added' }>;

export interface JobRecord extends Readonly<Omit<Added, 'event' | 'at' | 'expected'>> {
  readonly addedAt: number;
  readonly state: RecordState;
  /** Where it goes once its executor stops, when it was asked to. */
  readonly stopping: StopTarget | null;
  readonly attempts: number;
  /** Deaths of its process since it last finished a new slice, or since a person had it tried again. */
  readonly crashes: number;
  /** Units that were ever told to be durable. */
  readonly sliced: number;
  readonly progress: { readonly done: number; readonly total: number | null; readonly unit: string };
  readonly workedMs: number;
  readonly endedAt: number | null;
  readonly failure: Failure | null;
  readonly result: StoredResult | null;
}

/** So many deaths in a row are the job's own fault. */
export const mostCrashes = 2;

const endedStates: readonly RecordState[] = ['done', 'failed', 'cancelled', 'set-aside'];

export function isEnded({ state }: JobRecord): boolean {
  return endedStates.includes(state);
}

/** In which states an event can happen. In any other it changes nothing: a damaged journal may lack what came before. */
const possibleIn: Readonly<Record<ChangeEvent['event'], readonly RecordState[]>> = {
  started: ['waiting'],
  slice: ['running'],
  stopping: ['running'],
  interrupted: ['running'],
  paused: ['waiting', 'running'],
  resumed: ['paused'],
  crashed: ['running'],
  'set-aside': ['waiting'],
  done: ['running'],
  // A job that is done fails when its files are gone.
  failed: ['waiting', 'running', 'done'],
  cancelled: ['waiting', 'running', 'paused'],
  moved: ['waiting'],
  retried: ['failed', 'cancelled', 'set-aside'],
  forgotten: endedStates,
};

export function isPossible({ state }: JobRecord, event: ChangeEvent['event']): boolean {
  return possibleIn[event].includes(state);
}

export function newRecord(added: Added): JobRecord {
  const { id, kind, title, parameters, inputs, seed, key, expected } = added;
  return {
    ...{ id, kind, title, parameters, inputs, seed, key },
    addedAt: added.at,
    state: 'waiting',
    stopping: null,
    attempts: 0,
    crashes: 0,
    sliced: 0,
    progress: { done: 0, total: expected?.total ?? null, unit: expected?.unit ?? '' },
    workedMs: 0,
    endedAt: null,
    failure: null,
    result: null,
  };
}

/** The job after the event; undefined once it is forgotten. */
export function reduceJob(job: JobRecord, event: ChangeEvent): JobRecord | undefined {
  if (!isPossible(job, event.event)) return job;
  switch (event.event) {
    case 'started':
      return { ...job, state: 'running', stopping: null, attempts: job.attempts + 1, failure: null };
    case 'slice':
      return withSlice(job, event);
    case 'stopping':
      return { ...job, stopping: event.to };
    case 'interrupted':
      return { ...job, ...soFar(event), state: 'waiting', stopping: null };
    case 'paused':
      return { ...job, ...soFar(event), state: 'paused', stopping: null, failure: event.failure };
    case 'resumed':
      return { ...job, state: 'waiting', failure: null };
    case 'crashed':
      return { ...job, state: 'waiting', stopping: null, crashes: job.crashes + 1 };
    case 'set-aside':
      return { ...job, state: 'set-aside', endedAt: event.at, failure: event.failure };
    case 'done':
      return ended(job, { ...soFar(event), state: 'done', endedAt: event.at, result: event.result });
    case 'failed':
      return ended(job, { ...soFar(event), state: 'failed', endedAt: event.at, failure: event.failure, result: null });
    case 'cancelled':
      return ended(job, { state: 'cancelled', endedAt: event.at, failure: null });
    case 'moved':
      return job;
    case 'retried':
      return { ...job, state: 'waiting', crashes: 0, endedAt: null, failure: null };
    case 'forgotten':
      return undefined;
  }
}

function soFar({ progress, workedMs }: Extract<ChangeEvent, { workedMs: number }>): Partial<JobRecord> {
  return { progress, workedMs };
}

function ended(job: JobRecord, change: Partial<JobRecord>): JobRecord {
  return { ...job, stopping: null, ...change };
}

/** Only what was never finished before clears the job of earlier crashes: a poison job finishes the same slices each time. */
function withSlice(job: JobRecord, event: Extract<ChangeEvent, { event: 'slice' }>): JobRecord {
  const isNew = event.progress.done > job.sliced;
  return {
    ...job,
    ...soFar(event),
    sliced: isNew ? event.progress.done : job.sliced,
    crashes: isNew ? 0 : job.crashes,
  };
}
