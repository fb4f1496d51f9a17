/** The found model and its preparation: every choice is tried on sample photos at once. */
import { FileText } from 'lucide-react';
import { Switch } from 'radix-ui';
import { type ReactNode, useId, useState } from 'react';
import type { Failure } from '../../../electron/contract/errors';
import type { ImportOptions, Preset, Proposal } from '../../../electron/contract/models';
import { chooseLabels, closeImport, importModel } from '../../state/import-actions';
import { failureOf } from '../../state/messages';
import type { ImportStage } from '../../state/studio-state';
import { useStudio } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorNote } from '../../ui/ErrorNote';
import { countOf, formatBytes, formatCount, formatMs } from '../../ui/format';
import { TrialPreview } from './TrialPreview';

type Found = Extract<ImportStage, { stage: 'found' }>;

const presets: readonly { value: Preset; label: string; note: string }[] = [
  { value: 'imagenet', label: 'ImageNet', note: 'mean and spread of ImageNet; PyTorch and timm' },
  { value: 'zero-one', label: '0 to 1', note: 'divided by 255; YOLO and many own models' },
  { value: 'minus-one-one', label: '−1 to 1', note: 'MobileNet, EfficientNet-Lite, Teachable Machine' },
  { value: 'caffe', label: 'Caffe', note: 'blue first, mean taken off; old ResNet and VGG' },
  { value: 'raw', label: 'As it is', note: '0 to 255; Keras models with their own scaling' },
];

const nameRule = /^[a-z0-9][a-z0-9-]{0,63}$/;

export function ProposalForm({ imported }: { imported: Found }): ReactNode {
  const studio = useStudio();
  const { proposal, labelsFailure } = imported;
  const [options, setOptions] = useState<ImportOptions>(proposal.suggested);
  const [name, setName] = useState(proposal.suggestedName);
  const [isImporting, setImporting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<ImportOptions>): void => setOptions((old) => ({ ...old, ...part }));
  const copy = (text: string): void => void studio.bridge.copyText(text);
  const submit = (): void => {
    setImporting(true);
    setFailure(null);
    importModel(studio, proposal, options, name).catch((error: unknown) => {
      setImporting(false);
      setFailure(failureOf(error));
    });
  };
  const isNamed = nameRule.test(name);
  const why = isImporting ? 'It is being imported' : isNamed ? null : 'The name is not usable yet';
  return (
    <>
      {/* Choices and what they change stand side by side: a preset is picked by looking at the answers. */}
      <div className="import-pair">
        <div className="import-body">
          <FoundFacts proposal={proposal} />
          <LabelsField proposal={proposal} />
          {labelsFailure !== null && <ErrorNote title="The labels do not fit" failure={labelsFailure} onCopy={copy} />}
          <PresetChoice value={options.preset} onChange={(preset) => change({ preset })} />
          <Preparation options={options} onChange={change} />
          <NameField name={name} isRight={isNamed} onChange={setName} />
          {failure !== null && <ErrorNote title="The model was not imported" failure={failure} onCopy={copy} />}
        </div>
        <div className="import-body import-preview">
          <TrialPreview proposal={proposal} options={options} />
        </div>
      </div>
      <footer className="row import-foot">
        <span className="caption grow">The preparation becomes part of a copy; your file stays as it is.</span>
        <Button tone="quiet" onClick={() => closeImport(studio)}>
          Discard
        </Button>
        <Button tone="real" why={why} onClick={submit}>
          {isImporting ? 'Importing...' : 'Import'}
        </Button>
      </footer>
    </>
  );
}

function FoundFacts({ proposal }: { proposal: Proposal }): ReactNode {
  const { image, inputs, outputs } = proposal;
  return (
    <section aria-label="What was found">
      <h3>What was found</h3>
      <dl className="kv">
        <dt>Picture</dt>
        <dd className="num">
          {image.width} × {image.height}, {image.channels === 1 ? 'grey' : countOf(image.channels, 'colour channel')},{' '}
          {image.layout.toUpperCase()}
        </dd>
        <dt>Input</dt>
        <dd className="num">{inputs.map(valueText).join('; ')}</dd>
        <dt>Output</dt>
        <dd className="num">{outputs.map(valueText).join('; ')}</dd>
        <dt>Classes</dt>
        <dd className="num">
          {formatCount(proposal.classes)},{' '}
          {proposal.givesProbabilities ? 'as probabilities' : 'as logits; a softmax is added'}
        </dd>
        <dt>Tried once</dt>
        <dd className="num">
          {formatMs(proposal.dryRunMs)}, file of {formatBytes(proposal.bytes)}
        </dd>
      </dl>
    </section>
  );
}

function valueText(value: { name: string; dtype: string; dims: readonly string[] }): string {
  return `${value.name}: ${value.dtype} [${value.dims.join(', ')}]`;
}

const sources = { file: 'from your file', metadata: 'found in the model', numbers: 'only numbers so far' } as const;

function LabelsField({ proposal }: { proposal: Proposal }): ReactNode {
  const studio = useStudio();
  const { names, source } = proposal.labels;
  return (
    <section aria-label="Labels">
      <div className="row">
        <h3>Labels</h3>
        <span className="caption grow">{sources[source]}</span>
        <Button isSmall icon={FileText} onClick={() => void chooseLabels(studio)}>
          Choose a file...
        </Button>
      </div>
      <p className="soft cut">{names.slice(0, 12).join(', ')}</p>
    </section>
  );
}

function PresetChoice({ value, onChange }: { value: Preset; onChange: (value: Preset) => void }): ReactNode {
  const name = useId();
  return (
    <fieldset className="presets">
      <legend>Numbers that it expects</legend>
      {presets.map((preset) => (
        <label key={preset.value} className="preset">
          <input type="radio" name={name} checked={preset.value === value} onChange={() => onChange(preset.value)} />
          <span className="strong">{preset.label}</span>
          <span className="caption cut">{preset.note}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface PreparationProps {
  options: ImportOptions;
  onChange: (part: Partial<ImportOptions>) => void;
}

function Preparation({ options, onChange }: PreparationProps): ReactNode {
  const invert = useId();
  return (
    <section aria-label="Preparation" className="stack stack-8">
      <div className="row import-field">
        <span className="soft">Layout</span>
        <Choice
          label="Layout"
          isWide
          value={options.layout}
          items={[
            { value: 'auto', label: 'As found' },
            { value: 'nchw', label: 'NCHW' },
            { value: 'nhwc', label: 'NHWC' },
          ]}
          onChange={(layout) => onChange({ layout })}
        />
      </div>
      <div className="row import-field">
        <span className="soft">Fit</span>
        <Choice
          label="Fit"
          isWide
          value={options.fit}
          items={[
            { value: 'crop', label: 'Centre' },
            { value: 'stretch', label: 'Stretch' },
            { value: 'pad', label: 'Pad with black' },
          ]}
          onChange={(fit) => onChange({ fit })}
        />
      </div>
      <div className="row import-field">
        <label className="soft" htmlFor={invert}>
          Invert
        </label>
        <Switch.Root
          id={invert}
          className="switch"
          checked={options.invert}
          onCheckedChange={(isOn) => onChange({ invert: isOn })}
        >
          <Switch.Thumb />
        </Switch.Root>
        <span className="caption">for models of light strokes on dark ground</span>
      </div>
    </section>
  );
}

interface NameFieldProps {
  name: string;
  isRight: boolean;
  onChange: (name: string) => void;
}

function NameField({ name, isRight, onChange }: NameFieldProps): ReactNode {
  const field = useId();
  return (
    <section aria-label="Name">
      <div className="row import-field">
        <label className="soft" htmlFor={field}>
          Name
        </label>
        <span className="field grow" data-wrong={!isRight}>
          <input
            id={field}
            type="text"
            value={name}
            spellCheck={false}
            aria-invalid={!isRight}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      </div>
      {!isRight && (
        <p className="caption danger import-hint">
          Small letters, digits and hyphens; it begins with a letter or digit.
        </p>
      )}
    </section>
  );
}
