/** The top bar: where one is, the field that finds everything, what the machine does, and what left it: nothing. */
import { CircleHelp, Cpu, Moon, Search, ShieldAlert, ShieldCheck, Sun, SunMoon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStudio, useStudioState } from '../state/use-studio';
import { applyTheme, nextTheme } from '../state/view-actions';
import { IconButton } from '../ui/Button';
import { countOf, formatCount } from '../ui/format';
import { Pop } from '../ui/Menu';
import { commands } from './commands';
import { useKeys } from './use-keys';
import { WorkspaceMenu } from './WorkspaceMenu';

export function TopBar(): ReactNode {
  const studio = useStudio();
  const keys = useKeys();
  return (
    <header className="top">
      <WorkspaceMenu />
      <button
        type="button"
        className="command-field"
        aria-keyshortcuts="Control+K"
        onClick={() => commands['view.palette'].run(studio)}
      >
        <Search size={16} aria-hidden="true" />
        <span className="cut">Search or run a command...</span>
        <kbd className="push">{keys('view.palette')}</kbd>
      </button>
      <div className="row push top-end">
        <DeviceChip />
        <NetworkChip />
        <ThemeButton />
        <IconButton
          icon={CircleHelp}
          label="Keyboard shortcuts"
          keys={keys('help.shortcuts')}
          onClick={() => commands['help.shortcuts'].run(studio)}
        />
      </div>
    </header>
  );
}

function DeviceChip(): ReactNode {
  const info = useStudioState((state) => state.info);
  if (info === null) return null;
  const { provider, threads, note } = info.device;
  const name = provider.toUpperCase();
  const trigger = (
    <button type="button" className="chip">
      <Cpu size={14} aria-hidden="true" />
      <span className="chip-words">
        {name}, {countOf(threads, 'thread')}
      </span>
    </button>
  );
  return (
    <Pop label="Device" trigger={trigger}>
      <h2>Models run on {name}</h2>
      <p className="soft">{note}</p>
      <dl className="kv">
        <dt>Threads</dt>
        <dd className="num">{threads}</dd>
        <dt>ONNX Runtime</dt>
        <dd className="num">{info.onnxruntime}</dd>
        <dt>Window</dt>
        <dd className="num">{info.runtime}</dd>
      </dl>
    </Pop>
  );
}

function NetworkChip(): ReactNode {
  const studio = useStudio();
  const { letOut, refused } = useStudioState((state) => state.network);
  const isOpen = useStudioState((state) => state.isNetworkOpen);
  const Icon = letOut === 0 ? ShieldCheck : ShieldAlert;
  const trigger = (
    <button type="button" className="chip chip-fill" aria-label={`${formatCount(letOut)} out, outbound requests`}>
      <Icon size={14} aria-hidden="true" />
      {formatCount(letOut)} out
    </button>
  );
  return (
    <Pop
      label="Outbound requests"
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => studio.store.setState({ isNetworkOpen: open })}
    >
      <h2>{letOut === 0 ? 'Nothing left this machine' : `${countOf(letOut, 'request')} left this machine`}</h2>
      <p className="soft">
        Duet works offline. Every process counts what tries to reach the network, and refuses it at the same place, so
        this number is measured and not promised.
      </p>
      <dl className="kv">
        <dt>Let out</dt>
        <dd className="num">{formatCount(letOut)}</dd>
        <dt>Refused</dt>
        <dd className="num">{formatCount(refused)}</dd>
      </dl>
    </Pop>
  );
}

const themeLooks = {
  system: { icon: SunMoon, label: 'Theme: as the system' },
  light: { icon: Sun, label: 'Theme: light' },
  dark: { icon: Moon, label: 'Theme: dark' },
} as const;

function ThemeButton(): ReactNode {
  const studio = useStudio();
  const theme = useStudioState((state) => state.theme);
  const { icon, label } = themeLooks[theme];
  return <IconButton icon={icon} label={label} onClick={() => applyTheme(studio, nextTheme(theme))} />;
}
