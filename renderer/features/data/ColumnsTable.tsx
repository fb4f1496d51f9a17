/** The columns of a table: what each holds and what it is for, with its first values beside it. */
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Column } from '../../../electron/contract/samples';
import { Menu, MenuChoice } from '../../ui/Menu';

interface ColumnsTableProps {
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
  onChange: (columns: Column[]) => void;
}

const roles: readonly { value: Column['role']; label: string; note: string }[] = [
  { value: 'feature', label: 'feature', note: 'what is known' },
  { value: 'target', label: 'target', note: 'a number to foretell' },
  { value: 'label', label: 'label', note: 'the class' },
  { value: 'content', label: 'text', note: 'the text itself' },
  { value: 'path', label: 'path', note: 'names a picture file' },
  { value: 'image', label: 'picture', note: 'holds a picture' },
  { value: 'ignore', label: 'leave out', note: '' },
];

/** Only one column can be the class, the text or the picture. */
const alone: readonly Column['role'][] = ['label', 'content', 'path', 'image'];

function withRole(columns: readonly Column[], at: number, role: Column['role']): Column[] {
  return columns.map((column, place) => {
    if (place === at) return { ...column, role };
    return column.role === role && alone.includes(role) ? { ...column, role: 'feature' } : column;
  });
}

export function ColumnsTable({ columns, rows, onChange }: ColumnsTableProps): ReactNode {
  const types = [
    { value: 'number' as const, label: 'number' },
    { value: 'text' as const, label: 'text' },
  ];
  return (
    <section aria-label="Columns">
      <h3>Columns</h3>
      <div className="columns-scroll" tabIndex={0} role="group" aria-label="Columns of the table">
        <table className="columns">
          <thead>
            <tr className="caption">
              <th scope="col">Column</th>
              <th scope="col">Holds</th>
              <th scope="col">Is for</th>
              <th scope="col">First values</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column, at) => (
              <tr key={at} data-ignored={column.role === 'ignore' || undefined}>
                <th scope="row" className="cut" title={column.name}>
                  {column.name}
                </th>
                <td>
                  <Pick
                    label={`What ${column.name} holds`}
                    value={column.type}
                    items={types}
                    onChange={(type) => onChange(columns.map((one, place) => (place === at ? { ...one, type } : one)))}
                  />
                </td>
                <td>
                  <Pick
                    label={`What ${column.name} is for`}
                    value={column.role}
                    items={roles}
                    onChange={(role) => onChange(withRole(columns, at, role))}
                  />
                </td>
                <td className="cut caption num">
                  {rows
                    .slice(0, 4)
                    .map((row) => row[at] ?? '')
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface PickProps<Value extends string> {
  label: string;
  value: Value;
  items: readonly { value: Value; label: string; note?: string }[];
  onChange: (value: Value) => void;
}

function Pick<Value extends string>({ label, value, items, onChange }: PickProps<Value>): ReactNode {
  const shown = items.find((item) => item.value === value)?.label ?? value;
  const trigger = (
    <button type="button" className="pick" aria-label={`${label}: ${shown}`}>
      <span className="cut">{shown}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label={label} trigger={trigger}>
      <MenuChoice value={value} items={items} onChange={onChange} />
    </Menu>
  );
}
