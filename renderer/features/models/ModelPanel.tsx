/** The card of one model: what it is, what it cannot do, where it comes from, its labels and its graph. */
import { Check, Copy, Search, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { isJudgeCard, shownLabel } from '../../../electron/contract/model-card';
import type { ModelDetail } from '../../../electron/contract/models';
import { removeModel, selectModels } from '../../state/import-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { Button, IconButton } from '../../ui/Button';
import { countOf, formatBytes, formatCount } from '../../ui/format';
import { Tag } from '../../ui/parts';
import { GraphPanel } from './GraphPanel';

const doing = { classify: 'gives a label', detect: 'finds objects', generate: 'draws' } as const;

export function ModelPanel({ detail }: { detail: ModelDetail }): ReactNode {
  const { card, entry } = detail;
  return (
    <article className="model" aria-label={`Model ${entry.id}`}>
      <header className="model-head">
        <div className="row wrap">
          <h2 className="text-18">{card.title}</h2>
          <Tag voice={isJudgeCard(card) ? 'real' : 'gen'}>{doing[card.task]}</Tag>
          {entry.isBuiltIn && <Tag voice="slate">comes with Duet</Tag>}
        </div>
        <p className="soft model-text">{card.description}</p>
        <Actions detail={detail} />
      </header>
      <div className="model-columns">
        <div className="stack model-column">
          <section aria-label="Limits">
            <h3>What it cannot do</h3>
            <p className="soft model-text selectable">{card.limits}</p>
          </section>
          <Facts detail={detail} />
          {card.labels.length > 0 && <Labels labels={card.labels} />}
        </div>
        <GraphPanel summary={detail.summary} />
      </div>
    </article>
  );
}

function Actions({ detail }: { detail: ModelDetail }): ReactNode {
  const studio = useStudio();
  const { entry } = detail;
  const isJudge = isJudgeCard(detail.card);
  const selected = useStudioState((state) => state.selected);
  const isUsed = selected.includes(entry.id);
  const use = (ids: string[]): void => {
    goTo(studio, 'classify');
    void selectModels(studio, ids);
  };
  const [first] = selected;
  return (
    <div className="row wrap model-actions">
      {isJudge && (
        <Button tone="real" icon={Check} why={isUsed ? 'It is in use already' : null} onClick={() => use([entry.id])}>
          Judge with it
        </Button>
      )}
      {isJudge && !isUsed && first !== undefined && (
        <Button onClick={() => use([first, entry.id])}>Compare with {first}</Button>
      )}
      {!entry.isBuiltIn && (
        <Button
          tone="quiet"
          icon={Trash2}
          why={isUsed && selected.length === 1 ? 'Choose another model first' : null}
          onClick={() => void removeModel(studio, entry)}
        >
          Remove
        </Button>
      )}
    </div>
  );
}

function Facts({ detail }: { detail: ModelDetail }): ReactNode {
  const studio = useStudio();
  const { card, entry, fileHash } = detail;
  return (
    <section aria-label="Facts">
      <h3>Facts</h3>
      <dl className="kv">
        <dt>Classes</dt>
        <dd className="num">{formatCount(entry.classes)}</dd>
        <dt>Input</dt>
        <dd className="num">
          {isJudgeCard(card)
            ? `${card.input.layout} pictures of any size, reduced to ${card.input.shortSide} on the short side`
            : `${countOf(card.input.noiseWidth, 'number')} of noise${card.input.label === null ? '' : ' and a class'}`}
        </dd>
        <dt>File</dt>
        <dd className="num">{formatBytes(entry.bytes)}</dd>
        <dt>Licence</dt>
        <dd>{card.licence.spdx}</dd>
        <dt>Made how</dt>
        <dd>{card.source.madeBy}</dd>
        <dt>From</dt>
        <dd>
          {card.source.title}
          <span className="caption model-origin">{card.source.origin}</span>
        </dd>
        <dt>SHA-256</dt>
        <dd className="row">
          <span className="cut">{fileHash}</span>
          <IconButton icon={Copy} label="Copy the SHA-256" onClick={() => void studio.bridge.copyText(fileHash)} />
        </dd>
      </dl>
    </section>
  );
}

const shownAtOnce = 200;

function Labels({ labels }: { labels: readonly string[] }): ReactNode {
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const found = useMemo(() => labels.filter((label) => label.toLowerCase().includes(needle)), [labels, needle]);
  return (
    <section aria-label="Labels">
      <div className="row labels-head">
        <h3 className="grow">Labels</h3>
        <span className="caption num">
          {needle === '' ? countOf(labels.length, 'class', 'classes') : `${formatCount(found.length)} found`}
        </span>
      </div>
      <label className="field field-s">
        <Search size={14} aria-hidden="true" />
        <input
          type="text"
          aria-label="Find a label"
          placeholder="Find a label or synonym"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <ul className="labels" tabIndex={0} aria-label="All labels">
        {found.slice(0, shownAtOnce).map((label, place) => (
          <li key={`${label} ${place}`} className="cut" title={label}>
            {shownLabel(label)}
            <span className="faint">{label.slice(shownLabel(label).length)}</span>
          </li>
        ))}
        {found.length > shownAtOnce && <li className="caption">and {countOf(found.length - shownAtOnce, 'other')}</li>}
      </ul>
    </section>
  );
}
