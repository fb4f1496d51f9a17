/** The rail: the screens that work, and the jobs at its foot. */
import { Boxes, Database, GraduationCap, House, type LucideIcon, ScanEye } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Screen } from '../state/studio-state';
import { useStudio, useStudioState } from '../state/use-studio';
import { goTo, toggle } from '../state/view-actions';
import { Tip } from '../ui/Tip';
import { useRunningJobs } from './jobs/use-jobs';

const screens: readonly { id: Screen; label: string; icon: LucideIcon; voice: string }[] = [
  { id: 'home', label: 'Home', icon: House, voice: '' },
  { id: 'data', label: 'Data', icon: Database, voice: '' },
  { id: 'train', label: 'Train', icon: GraduationCap, voice: '' },
  { id: 'classify', label: 'Classify', icon: ScanEye, voice: 'nav-real' },
  { id: 'models', label: 'Models', icon: Boxes, voice: '' },
];

export function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 30 20" aria-hidden="true">
      <circle cx="20" cy="10" r="9" className="logo-real" />
      <circle cx="10" cy="10" r="7.75" className="logo-gap" />
      <circle cx="10" cy="10" r="7.75" className="logo-gen" />
    </svg>
  );
}

export function Rail(): ReactNode {
  const studio = useStudio();
  const current = useStudioState((state) => state.screen);
  const isOpen = useStudioState((state) => state.isJobsOpen);
  const running = useRunningJobs();
  return (
    <nav className="rail" aria-label="Screens">
      <Logo />
      {screens.map(({ id, label, icon: Icon, voice }) => (
        <Tip key={id} text={label} side="right">
          <button
            type="button"
            className={`nav ${voice}`}
            aria-current={current === id ? 'page' : undefined}
            onClick={() => goTo(studio, id)}
          >
            <Icon size={20} aria-hidden="true" />
            <span className="nav-label">{label}</span>
          </button>
        </Tip>
      ))}
      <button type="button" className="nav-jobs" aria-expanded={isOpen} onClick={() => toggle(studio, 'isJobsOpen')}>
        <span className="nav-label">Jobs</span>
        <span className="count">{running}</span>
        <span className="sr-only"> running</span>
      </button>
    </nav>
  );
}
