/** Giving labels by key: one picture, the classes with their keys, and what a model takes it for. */
import { ArrowLeft, ChevronDown, SkipForward, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { formatConfidence } from '../../../electron/contract/photo';
import { acceptSuggestion, chooseSuggester, giveLabel, goToLabelling, stopLabelling } from '../../state/data-labelling';
import { getData } from '../../state/data-load';
import type { Labelling } from '../../state/data-state';
import { judgesOf } from '../../state/judges';
import { isPressable, isTyping } from '../../state/key-targets';
import type { Studio } from '../../state/studio';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { formatCount } from '../../ui/format';
import { Menu, MenuChoice } from '../../ui/Menu';
import { Mark, Progress, Track } from '../../ui/parts';
import { ClassPicker } from './ClassPicker';
import { FullPicture } from './FullPicture';
import { useSampleFacts } from './use-samples';

interface LabellingProps {
  detail: DatasetDetail;
  labelling: Labelling;
}

/** Thumbnails have a long side of 192 pixels: of a smaller pack they show more than it keeps. */
const isSmall = ({ image }: DatasetDetail): boolean => image !== null && Math.max(image.height, image.width) < 192;

export function LabellingView({ detail, labelling }: LabellingProps): ReactNode {
  const studio = useStudio();
  const [isAsking, setAsking] = useState(false);
  const index = labelling.queue[labelling.at] ?? 0;
  const { facts } = useSampleFacts(detail.entry.id, index);
  const name = facts?.sample.name ?? `Sample ${index}`;
  useLabelKeys(detail, () => setAsking(true));
  const give = (label: string | null): void => {
    setAsking(false);
    if (label !== null) void giveLabel(studio, label);
  };
  return (
    <section className="labelling" aria-label="Giving labels">
      <header className="bar">
        <IconButton icon={X} label="Back to the data set" keys="Esc" onClick={() => stopLabelling(studio)} />
        <h2 className="text-15 cut">What is it?</h2>
        <span className="soft cut" title={name}>
          {name}
        </span>
        <div className="row push bar-end">
          <Progress value={labelling.at / labelling.queue.length} label="Labelled" />
          <span className="num soft" role="status">
            {formatCount(labelling.at + 1)} of {formatCount(labelling.queue.length)}
          </span>
        </div>
      </header>
      <div className="labelling-body">
        <div className="labelling-well">
          {detail.entry.kind === 'image' ? (
            <FullPicture id={detail.entry.id} index={index} name={name} size={isSmall(detail) ? 'tile' : 'full'} />
          ) : (
            <p className="selectable sample-text">{facts?.text ?? ''}</p>
          )}
        </div>
        <div className="labelling-side">
          <SuggestionPanel labelling={labelling} index={index} />
          <ClassKeys detail={detail} labelling={labelling} index={index} onGive={give} />
          {isAsking ? (
            <ClassPicker detail={detail} current={null} onPick={give} onClose={() => setAsking(false)} />
          ) : (
            <Button isSmall onClick={() => setAsking(true)}>
              Another class... <kbd>L</kbd>
            </Button>
          )}
          <div className="row labelling-steps">
            <Button
              isSmall
              tone="quiet"
              icon={ArrowLeft}
              why={labelling.at === 0 ? 'This is the first.' : null}
              onClick={() => goToLabelling(studio, labelling.at - 1)}
            >
              Back
            </Button>
            <Button isSmall tone="quiet" icon={SkipForward} onClick={() => goToLabelling(studio, labelling.at + 1)}>
              Skip
            </Button>
          </div>
          <p className="caption">
            Keys: 1 to 9 give a class, Enter takes the suggestion, Backspace goes back, the arrows move without a label.
          </p>
        </div>
      </div>
    </section>
  );
}

function SuggestionPanel({ labelling, index }: { labelling: Labelling; index: number }): ReactNode {
  const studio = useStudio();
  const models = judgesOf(useStudioState((state) => state.models));
  const { model, failure } = labelling;
  const suggestions = labelling.suggestions.get(index);
  const items = [{ value: '', label: 'No suggestions' }, ...models.map((one) => ({ value: one.id, label: one.id }))];
  const trigger = (
    <button type="button" className="pick" aria-label={`Suggestions by ${model ?? 'no model'}`}>
      <Mark voice={model === null ? 'slate' : 'real'} />
      <span className="cut">{model ?? 'no suggestions'}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  const choose = (value: string): void => chooseSuggester(studio, value === '' ? null : value);
  return (
    <section aria-label="Suggestion">
      <div className="row data-part-head">
        <h3 className="grow">It looks like</h3>
        <Menu label="Who suggests" trigger={trigger} align="end">
          <MenuChoice value={model ?? ''} items={items} onChange={choose} />
        </Menu>
      </div>
      {failure !== null && (
        <ErrorNote
          title="No suggestions"
          failure={failure}
          onCopy={(text) => void studio.bridge.copyText(text)}
          onRetry={() => chooseSuggester(studio, model)}
        />
      )}
      {failure === null && model !== null && suggestions === undefined && <p className="soft">Judging...</p>}
      {suggestions?.slice(0, 3).map(({ label, confidence }, at) => (
        <button key={label} type="button" className="suggestion" onClick={() => void giveLabel(studio, label)}>
          <span className={`cut ${at === 0 ? 'strong' : 'soft'}`}>{label}</span>
          <Track value={confidence} tone={at === 0 ? 'real' : 'mute'} />
          <span className="num">{formatConfidence(confidence)}</span>
          {at === 0 ? <kbd>Enter</kbd> : <span />}
        </button>
      ))}
    </section>
  );
}

interface ClassKeysProps extends LabellingProps {
  index: number;
  onGive: (label: string) => void;
}

function ClassKeys({ detail, labelling, index, onGive }: ClassKeysProps): ReactNode {
  const given = labelling.given.get(index);
  return (
    <ol className="class-keys" aria-label="Classes">
      {detail.classes.slice(0, 9).map(({ name }, at) => (
        <li key={name}>
          <button type="button" className="class-key" aria-pressed={given === name} onClick={() => onGive(name)}>
            <kbd>{at + 1}</kbd>
            <span className="cut">{name}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function press(studio: Studio, detail: DatasetDetail, event: KeyboardEvent, ask: () => void): boolean {
  const { labelling } = getData(studio);
  if (labelling === null) return false;
  const name = /^[1-9]$/.test(event.key) ? detail.classes[Number(event.key) - 1]?.name : undefined;
  if (name !== undefined) void giveLabel(studio, name);
  else if (event.key === 'Enter' && !isPressable(event.target)) acceptSuggestion(studio);
  else if (event.key === 'Backspace' || event.key === 'ArrowLeft') goToLabelling(studio, labelling.at - 1);
  else if (event.key === 'ArrowRight') goToLabelling(studio, labelling.at + 1);
  else if (event.key.toLowerCase() === 'l') ask();
  else return false;
  return true;
}

function useLabelKeys(detail: DatasetDetail, ask: () => void): void {
  const studio = useStudio();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || studio.store.getState().overlay !== null) return;
      if (press(studio, detail, event, ask)) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  });
}
