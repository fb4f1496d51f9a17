/** A family's schema as a form: every field with its title, help, limits and the value that a recipe gives it. */
import * as z from 'zod';
import type { Family, SettingValue } from '../../contract/model-card';
import type { Setting } from '../../contract/training';
import { configured, families } from '../../../models/zoo/families';
import type { RecipeDraft } from './recipes';
import { flattened } from './settings-paths';

/** What is used of JSON Schema. */
const fieldSchema = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
type Field = z.infer<typeof fieldSchema>;

const groups: Readonly<Record<Setting['group'], readonly string[]>> = {
  network: ['network', 'width', 'hidden', 'layers', 'latent', 'activation', 'patch', 'embedding', 'waves', 'dropout', 'spectral'],
  objective: ['labelSmoothing', 'loss', 'penalty', 'penaltyWeight', 'penaltyEvery', 'likelihood', 'deviation', 'klWeight', 'times', 'dropClass'],
  data: ['conditional', 'binarize'],
  learning: [],
}; // prettier-ignore

const titles: Readonly<Record<string, string>> = {
  network: 'Network',
  hold: 'Share at full rate',
  average: 'Average of the weights',
  batch: 'Samples in a step',
  patch: 'Patch side',
  'augmentation.shift': 'Shift by pixels',
  'augmentation.flip': 'Mirror',
  'augmentation.rotate': 'Turn by degrees',
  'augmentation.crop': 'Enlarge',
  'augmentation.erase': 'Erase a part',
};

export function formOf(recipe: RecipeDraft): Setting[] {
  const values = settingsOf(recipe);
  return [...fieldsOf(recipe.family)].flatMap(([path, field]) => {
    const value = values[path];
    return value === undefined ? [] : [settingOf(path, field, value)];
  });
}

/** All settings of a recipe by path, defaults included. */
export function settingsOf({ family, settings }: RecipeDraft): Record<string, SettingValue> {
  return flattened(configured(family, settings).config);
}

const known = new Map<Family, ReadonlyMap<string, Field>>();

/** Fields of a family by path, in the order of its schema. */
function fieldsOf(family: Family): ReadonlyMap<string, Field> {
  const there = known.get(family);
  if (there !== undefined) return there;
  const fields = new Map<string, Field>();
  const walk = ({ properties = {} }: Field, prefix: string): void => {
    for (const [name, field] of Object.entries(properties)) {
      if (field.properties === undefined) fields.set(prefix + name, field);
      else walk(field, `${prefix}${name}.`);
    }
  };
  walk(fieldSchema.parse(z.toJSONSchema(families[family].schema, { io: 'input' })), '');
  known.set(family, fields);
  return fields;
}

function settingOf(path: string, field: Field, value: SettingValue): Setting {
  const isNumber = typeof value === 'number';
  return {
    path,
    group: groupOf(path),
    title: titles[path] ?? wordsOf(path),
    help: field.description.slice(0, 500),
    kind: kindOf(field, value),
    value,
    least: isNumber ? (field.minimum ?? field.exclusiveMinimum ?? null) : null,
    most: isNumber ? (field.maximum ?? null) : null,
    choices: field.enum ?? [],
  };
}

function kindOf(field: Field, value: SettingValue): Setting['kind'] {
  if (typeof value === 'boolean') return 'switch';
  if (typeof value === 'string') return 'choice';
  return field.type === 'integer' ? 'integer' : 'number';
}

function groupOf(path: string): Setting['group'] {
  if (path.startsWith('augmentation.')) return 'data';
  for (const group of ['network', 'objective', 'data'] as const) if (groups[group].includes(path)) return group;
  return 'learning';
}

/** `learningRate`: "Learning rate". */
function wordsOf(path: string): string {
  const words = path.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
