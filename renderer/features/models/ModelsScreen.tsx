/** The models: which there are, what each is and cannot do, and what its graph looks like. */
import './models.css';
import { PackagePlus } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { ModelEntry } from '../../../electron/contract/models';
import { chooseModelFile } from '../../state/import-actions';
import { loadDetail } from '../../state/sync';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { countOf, formatBytes } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { ModelPanel } from './ModelPanel';

export function ModelsScreen(): ReactNode {
  const studio = useStudio();
  const models = useStudioState((state) => state.models);
  const chosen = useStudioState((state) => state.shownModel ?? state.selected[0] ?? state.models[0]?.id);
  const detail = useStudioState((state) => (chosen === undefined ? undefined : state.details[chosen]));
  useEffect(() => {
    if (chosen !== undefined && studio.store.getState().details[chosen] === undefined) {
      loadDetail(studio.store, studio.engine, chosen);
    }
  }, [studio, chosen]);
  return (
    <div className="models">
      <div className="models-list">
        <div className="row models-head">
          <h1 className="text-15 grow">Models</h1>
          <Button isSmall icon={PackagePlus} onClick={() => void chooseModelFile(studio)}>
            Import
          </Button>
        </div>
        <ul aria-label="Models">
          {models.map((model) => (
            <li key={model.id}>
              <ModelItem model={model} isShown={model.id === chosen} />
            </li>
          ))}
        </ul>
        <p className="caption models-hint">Drop a .onnx file on the window to try a classifier of your own.</p>
      </div>
      {detail === undefined ? (
        <p className="soft models-wait" role="status">
          Reading the model&apos;s card...
        </p>
      ) : (
        <ModelPanel key={detail.entry.id} detail={detail} />
      )}
    </div>
  );
}

function ModelItem({ model, isShown }: { model: ModelEntry; isShown: boolean }): ReactNode {
  const studio = useStudio();
  const isUsed = useStudioState((state) => state.selected.includes(model.id));
  return (
    <button
      type="button"
      className="models-item"
      aria-current={isShown ? 'true' : undefined}
      onClick={() => studio.store.setState({ shownModel: model.id })}
    >
      <Mark voice={isUsed ? 'real' : 'slate'} />
      <span className="stack grow">
        <span className="strong cut">{model.id}</span>
        <span className="caption num cut">
          {countOf(model.classes, 'class', 'classes')} · {formatBytes(model.bytes)}
          {isUsed ? ' · in use' : ''}
        </span>
      </span>
    </button>
  );
}
