/** The kinds of jobs that this Duet can do, each with its parameters' type sealed in. */
import { AppError } from '../../contract/errors';
import type { JobKindName } from '../../contract/jobs';
import { firstIssue } from '../../contract/rpc';
import type { JobContext, JobKind, JobResult } from './job-kind';

export type Lane = JobKind<unknown>['lane'];

/** A kind whose parameters are parsed inside. */
export interface AnyKind {
  readonly lane: Lane;
  /** Throws `job/unusable` when the parameters are not of this kind. */
  check(parameters: unknown): void;
  run(context: JobContext<unknown>): Promise<JobResult>;
  kill?(): void;
}

export class JobKinds {
  private readonly kinds = new Map<JobKindName, AnyKind>();

  add<Parameters>(kind: JobKind<Parameters>): void {
    const parse = (given: unknown): Parameters => {
      const parsed = kind.parameters.safeParse(given);
      if (parsed.success) return parsed.data;
      throw new AppError('job/unusable', `This job cannot be understood: ${firstIssue(parsed.error)}. Make it anew.`);
    };
    this.kinds.set(kind.kind, {
      lane: kind.lane,
      check: (parameters) => void parse(parameters),
      // Async, so that a throw while parsing is a rejection.
      run: async (context) => kind.run({ ...context, parameters: parse(context.parameters) }),
      kill: () => kind.kill?.(),
    });
  }

  find(kind: JobKindName): AnyKind | undefined {
    return this.kinds.get(kind);
  }
}
