/** What a command is, and how one is written down. */
import type { Studio } from '../state/studio';
import type { StudioState } from '../state/studio-state';

export type CommandGroup =
  | 'Pictures'
  | 'Data'
  | 'Train'
  | 'Judging'
  | 'Edit'
  | 'Models'
  | 'Export'
  | 'View'
  | 'Jobs'
  | 'Workspace'
  | 'Sort'
  | 'Help';

export interface Command {
  title: string;
  group: CommandGroup;
  shortcuts: readonly string[];
  /** Why it cannot be used now, in words; null when it can. */
  whyNot: (state: StudioState) => string | null;
  run: (studio: Studio) => void;
}

const always = (): null => null;
export const later =
  (work: (studio: Studio) => Promise<unknown>) =>
  (studio: Studio): void =>
    void work(studio);

type Rest = Partial<Pick<Command, 'shortcuts' | 'whyNot'>>;

export function command(group: CommandGroup, title: string, run: Command['run'], rest: Rest = {}): Command {
  return { group, title, run, shortcuts: [], whyNot: always, ...rest };
}
