/**
 * A report as an object of the workspace: a safetensors file with the report itself, the samples of each finding (`finding.k`,
 * i32) and the bar of each sample in each histogram (`histogram.k`, u8, 255 for none).
 */
import { AppError } from '../../../contract/errors';
import { type Report, reportSchema, type SampleFilter } from '../../../contract/datasets';
import { type HostTensor, hostTensor } from '../../../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../../../models/tensor/safetensors';
import type { CheckedReport } from './check';

const format = 'duet-report-1';

export function writeReport({ report, findings, histograms }: CheckedReport): Uint8Array {
  const tensors: Record<string, HostTensor> = {};
  findings.forEach(({ members }, k) => {
    tensors[`finding.${k}`] = hostTensor('int32', [members.length], Int32Array.from(members));
  });
  histograms.forEach(({ bins }, k) => (tensors[`histogram.${k}`] = hostTensor('uint8', [bins.length], bins)));
  return writeSafetensors(tensors, { format, report: JSON.stringify(report) });
}

export class ReportFile {
  private constructor(
    readonly report: Report,
    private readonly tensors: Readonly<Record<string, HostTensor>>,
  ) {}

  static read(bytes: Uint8Array): ReportFile {
    const { tensors, metadata } = readSafetensors(bytes);
    const parsed = reportSchema.safeParse(metadata['format'] === format ? parseJson(metadata['report']) : undefined);
    if (parsed.success) return new ReportFile(parsed.data, tensors);
    throw new AppError('workspace/damaged', 'The report of a data set is damaged. Check the data set again.');
  }

  /**
   * 1 for each of `count` samples that the finding and the bar named by a filter hold; undefined when the report has no such
   * finding or bar.
   */
  mask({ finding, bin }: Pick<SampleFilter, 'finding' | 'bin'>, count: number): Uint8Array | undefined {
    const mask = new Uint8Array(count).fill(1);
    if (finding !== undefined) {
      const members = this.members(finding);
      if (members === undefined) return undefined;
      mask.fill(0);
      for (const sample of members) if (sample < count) mask[sample] = 1;
    }
    if (bin !== undefined) {
      const place = this.report.histograms.findIndex(({ id }) => id === bin.histogram);
      const bins = this.tensors[`histogram.${place}`]?.data;
      if (!(bins instanceof Uint8Array)) return undefined;
      for (let sample = 0; sample < count; sample++) if (bins[sample] !== bin.bin) mask[sample] = 0;
    }
    return mask;
  }

  /** All samples of a finding. */
  members(id: string): Int32Array | undefined {
    const data = this.tensors[`finding.${this.report.findings.findIndex((finding) => finding.id === id)}`]?.data;
    return data instanceof Int32Array ? data : undefined;
  }

  /** Exact and near copies of a sample among the others, at most 100. */
  alike(sample: number): number[] {
    const found = new Set<number>();
    for (const { id, groups } of this.report.findings) {
      if (id !== 'exact-duplicates' && id !== 'near-duplicates') continue;
      for (const group of groups) if (group.includes(sample)) for (const other of group) found.add(other);
    }
    found.delete(sample);
    return [...found].sort((a, b) => a - b).slice(0, 100);
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
