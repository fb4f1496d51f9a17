/** The report: what is wrong with a data set, as sentences, each with a door to the samples that it speaks of. */
import { Check, Copy, Info, type LucideIcon, Sparkles, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../../electron/contract/datasets';
import { checkDataset } from '../../state/data-actions';
import { replaceSampleFilter } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button } from '../../ui/Button';
import { formatCount } from '../../ui/format';
import { Pop } from '../../ui/Menu';
import { Progress, Tag } from '../../ui/parts';
import { agoInWords } from './ago';
import { LeftOutList } from './LeftOutList';

const looks: Readonly<Record<Finding['tone'], { icon: LucideIcon; className: string; word: string }>> = {
  good: { icon: Check, className: 'finding-good', word: 'Good' },
  look: { icon: TriangleAlert, className: 'finding-look', word: 'To look at' },
  bad: { icon: X, className: 'finding-bad', word: 'Wrong' },
  generated: { icon: Sparkles, className: 'finding-generated', word: 'Generated' },
  info: { icon: Info, className: 'finding-info', word: 'Note' },
};

export function ReportPanel(): ReactNode {
  const studio = useStudio();
  const report = useData((data) => data.report);
  const isCurrent = useData((data) => data.isReportCurrent);
  const checking = useData((data) => data.checking);
  const isChecking = checking !== null;
  const toLookAt = (report?.findings ?? []).filter(({ tone }) => tone === 'look' || tone === 'bad').length;
  return (
    <section className="report" aria-label="Report">
      <div className="row data-part-head">
        <h3>Report</h3>
        {report !== null && toLookAt > 0 && <Tag voice="warn">{formatCount(toLookAt)} to look at</Tag>}
        {report !== null && toLookAt === 0 && <Tag voice="real">nothing to look at</Tag>}
        <span className="grow" />
        {report !== null && !isChecking && (
          <>
            <span className="caption">{isCurrent ? `checked ${agoInWords(report.checkedAt)}` : 'changed since'}</span>
            <button type="button" className="link caption" onClick={() => void checkDataset(studio)}>
              Check again
            </button>
          </>
        )}
      </div>
      {isChecking && <Checking job={checking} />}
      {report === null && !isChecking && (
        <div className="report-none">
          <p className="soft">
            Not checked yet. The check finds duplicates, samples that are in training and in the test, thin classes and
            files that could not be read.
          </p>
          <Button tone="ink" onClick={() => void checkDataset(studio)}>
            Check it now
          </Button>
        </div>
      )}
      {report !== null && (
        <ul className="findings">
          {report.findings.map((finding) => (
            <FindingRow key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Checking({ job }: { job: string }): ReactNode {
  const view = useStudioState((state) => state.queue.jobs[job]);
  const { done, total } = view?.progress ?? { done: 0, total: null };
  return (
    <div className="row report-checking" role="status">
      <Progress value={total === null || total === 0 ? null : done / total} label="Checked" />
      <span className="caption num">{view?.doing === undefined || view.doing === '' ? 'Checking...' : view.doing}</span>
    </div>
  );
}

/** Files that did not come in are no samples; they are listed by name. */
const leftOutId = 'unreadable';

function LeftOutButton(): ReactNode {
  const leftOut = useData((data) => data.detail?.leftOut) ?? [];
  const count = useData((data) => data.detail?.leftOutCount) ?? 0;
  if (leftOut.length === 0) return null;
  const trigger = (
    <button type="button" className="link" aria-label="Show: files left out">
      Show
    </button>
  );
  return (
    <Pop label="Files left out" trigger={trigger}>
      <LeftOutList leftOut={leftOut} count={count} />
    </Pop>
  );
}

function FindingRow({ finding }: { finding: Finding }): ReactNode {
  const studio = useStudio();
  const isShown = useData((data) => data.filter.finding === finding.id);
  const look = looks[finding.tone];
  const Icon = finding.tone === 'look' && finding.groups.length > 0 ? Copy : look.icon;
  const show = (): void => replaceSampleFilter(studio, isShown ? {} : { finding: finding.id });
  return (
    <li className="finding">
      <span className={look.className}>
        <Icon size={16} aria-hidden="true" />
        <span className="sr-only">{look.word}: </span>
      </span>
      <p className="grow">
        <span className={finding.tone === 'good' ? 'soft' : 'strong'}>{finding.sentence}</span>{' '}
        <span className="soft">{finding.advice}</span>
      </p>
      {finding.samples === 0 && finding.id === leftOutId && <LeftOutButton />}
      {finding.samples > 0 && (
        <button
          type="button"
          className="link"
          aria-pressed={isShown}
          aria-label={`${isShown ? 'Show all, not only' : 'Show'}: ${finding.sentence}`}
          onClick={show}
        >
          {isShown ? 'Show all' : 'Show'}
        </button>
      )}
    </li>
  );
}
