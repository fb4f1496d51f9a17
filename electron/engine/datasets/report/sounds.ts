/** Sounds and music: what is silent, clipped or empty, and how long the others are. */
import { throwIfCancelled } from '../../../contract/errors';
import type { Draft, KindFindings } from './draft';
import { histogramOf } from './histogram';
import { included, samplesOf, type Subject, type Watch } from './subject';

/** Loudest value of a silent sound: -60 dB of 32,767. */
const silence = 33;
/** A sound is clipped where it stays at its limit for this many samples. */
const clippedRun = 4;
/** Bytes of a note: four whole numbers of 32 bits. */
const noteBytes = 16;
/** Units of time in a quarter note. */
const quarter = 480;

export async function checkSounds(subject: Subject, watch: Watch): Promise<KindFindings> {
  const lengths = new Float64Array(subject.count).fill(NaN);
  const [silent, clipped]: [number[], number[]] = [[], []];
  await each(subject, 'sound', watch, (sample, bytes) => {
    const sound = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    lengths[sample] = sound.length / (subject.sampleRate ?? 1);
    if (sound.every((value) => Math.abs(value) <= silence)) silent.push(sample);
    if (isClipped(sound)) clipped.push(sample);
  });
  return {
    findings: [
      ...draft(subject, 'silent', silent, 'silent', 'There is nothing in them to learn.'),
      ...draft(subject, 'clipped', clipped, 'clipped', 'They were recorded too loud: peaks are cut off.'),
    ],
    histograms: histogramOf(lengths, {
      id: 'length',
      title: 'Length',
      unit: subject.sampleRate === null ? 'samples' : 's',
    }),
  };
}

function isClipped(sound: Int16Array): boolean {
  let run = 0;
  let previous = 0;
  for (const value of sound) {
    const isLimit = value >= 32_767 || value <= -32_767;
    run = isLimit && (run === 0 || Math.sign(value) === Math.sign(previous)) ? run + 1 : isLimit ? 1 : 0;
    if (run >= clippedRun) return true;
    previous = value;
  }
  return false;
}

export async function checkMusic(subject: Subject, watch: Watch): Promise<KindFindings> {
  const lengths = new Float64Array(subject.count).fill(NaN);
  const notes = new Float64Array(subject.count).fill(NaN);
  const empty: number[] = [];
  await each(subject, 'notes', watch, (sample, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let end = 0;
    for (let at = 0; at + noteBytes <= bytes.length; at += noteBytes) {
      end = Math.max(end, view.getInt32(at, true) + view.getInt32(at + 4, true));
    }
    lengths[sample] = end / quarter;
    notes[sample] = Math.floor(bytes.length / noteBytes);
    if (bytes.length < noteBytes) empty.push(sample);
  });
  return {
    findings: draft(subject, 'empty-samples', empty, 'empty', 'They hold no note.'),
    histograms: [
      ...histogramOf(lengths, { id: 'length', title: 'Length', unit: 'quarters' }),
      ...histogramOf(notes, { id: 'notes', title: 'Notes', unit: '' }),
    ],
  };
}

async function each(
  subject: Subject,
  name: string,
  watch: Watch,
  look: (sample: number, bytes: Uint8Array) => void,
): Promise<void> {
  const samples = included(subject);
  for (const [done, sample] of samples.entries()) {
    throwIfCancelled(watch.signal);
    await watch.breathe(done / samples.length);
    // A copy begins at an even address, as whole numbers of 16 bits must.
    look(sample, (await subject.data.value(name, sample)).slice());
  }
}

function draft({ kind }: Subject, id: string, members: readonly number[], what: string, advice: string): Draft[] {
  if (members.length === 0) return [];
  const sentence = `${samplesOf(kind, members.length)} ${members.length === 1 ? 'is' : 'are'} ${what}.`;
  return [{ id, tone: 'look', sentence, advice, members }];
}
