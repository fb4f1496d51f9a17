/** A matrix of counts, classes down and answers across: the diagonal is right, all else a mistake; walked by arrow keys. */
import './matrix.css';
import { type KeyboardEvent, memo, type ReactNode, useRef, useState } from 'react';
import { formatCount, formatShare } from '../ui/format';
import { type Cell, cellAfterKey, countAt, type Counts, rowRight, rowTotal } from './matrix-facts';

interface MatrixProps {
  /** What it is, for assistive software. */
  label: string;
  /** Classes down; the first columns are the same ones. */
  classes: readonly string[];
  /** Answers that are no class, after the classes: "unsure". */
  others?: readonly string[];
  counts: Counts;
  shows?: 'counts' | 'rates';
  /** A cell in words: "4 taken for 9: 12 of 94". */
  describe: (cell: Cell) => string;
  chosen?: Cell | null;
  /** Without it, cells only tell. */
  onChoose?: (cell: Cell) => void;
  onOpen?: (cell: Cell) => void;
  /** What stands in a cell in place of its number. */
  drawCell?: (cell: Cell) => ReactNode;
}

/** Under this share a row is told in red. */
const lowRight = 0.9;

export function Matrix(props: MatrixProps): ReactNode {
  const { label, classes, others = [], onChoose, onOpen } = props;
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const grid = useRef<HTMLDivElement | null>(null);
  const columns = [...classes, ...others];
  const current = props.chosen ?? at;
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && onOpen !== undefined) {
      event.preventDefault();
      onOpen(current);
      return;
    }
    const next = cellAfterKey(current, event.key, { rows: classes.length, columns: columns.length });
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(next);
    onChoose?.(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row}-${next.column}"]`)?.focus();
  };
  return (
    <div
      ref={grid}
      className="matrix"
      role="grid"
      aria-label={label}
      data-dense={columns.length > 12 || undefined}
      style={{ gridTemplateColumns: `auto repeat(${columns.length}, var(--matrix-cell)) auto` }}
      onKeyDown={press}
    >
      <Head columns={columns} />
      {classes.map((name, row) => (
        <Row key={name} {...props} name={name} row={row} columns={columns.length} current={current} setAt={setAt} />
      ))}
    </div>
  );
}

const Head = memo(function Head({ columns }: { columns: readonly string[] }): ReactNode {
  return (
    <div className="matrix-row" role="row">
      <span role="columnheader" className="matrix-corner">
        <span className="sr-only">class</span>
      </span>
      {columns.map((name) => (
        <span key={name} role="columnheader" className="matrix-column num cut" title={name}>
          {name}
        </span>
      ))}
      <span role="columnheader" className="matrix-end caption">
        right
      </span>
    </div>
  );
});

interface RowProps extends MatrixProps {
  name: string;
  row: number;
  columns: number;
  current: Cell;
  setAt: (cell: Cell) => void;
}

function Row(props: RowProps): ReactNode {
  const { name, row, columns, counts, current } = props;
  const right = rowRight(counts, row);
  return (
    <div className="matrix-row" role="row">
      <span role="rowheader" className="matrix-name cut" title={name}>
        {name}
      </span>
      {Array.from({ length: columns }, (_, column) => (
        <OneCell
          key={column}
          {...props}
          cell={{ row, column }}
          isCurrent={current.row === row && current.column === column}
        />
      ))}
      <span role="gridcell" className={`matrix-end num ${right !== null && right < lowRight ? 'danger' : 'soft'}`}>
        {right === null ? '–' : formatShare(right)}
      </span>
    </div>
  );
}

function OneCell(props: RowProps & { cell: Cell; isCurrent: boolean }): ReactNode {
  const { cell, counts, shows = 'counts', describe, isCurrent, chosen, setAt, onChoose, onOpen, drawCell } = props;
  const count = countAt(counts, cell);
  const share = count / Math.max(1, rowTotal(counts, cell.row));
  const kind = count === 0 ? 'none' : cell.row === cell.column ? 'right' : 'wrong';
  const choose = (): void => {
    setAt(cell);
    onChoose?.(cell);
  };
  return (
    <span
      role="gridcell"
      data-cell={`${cell.row}-${cell.column}`}
      className={`matrix-cell matrix-${kind} num`}
      tabIndex={isCurrent ? 0 : -1}
      aria-label={describe(cell)}
      title={describe(cell)}
      {...(onChoose === undefined ? {} : { 'aria-selected': (chosen ?? null) !== null && isCurrent })}
      onClick={choose}
      onDoubleClick={() => onOpen?.(cell)}
    >
      {count > 0 && <span className="matrix-fill" style={{ opacity: 0.35 + 0.65 * Math.sqrt(share) }} />}
      {drawCell?.(cell) ??
        (count > 0 && (
          <span className="matrix-number">{shows === 'counts' ? formatCount(count) : formatShare(share)}</span>
        ))}
    </span>
  );
}
