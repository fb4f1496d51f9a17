/** The two streams a command writes to: results on stdout, progress and complaints on stderr; nothing in a name can steer the terminal. */

/** What the terminal needs of a stream; process.stdout and process.stderr are two. */
interface TextStream {
  write(text: string): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

interface TerminalOptions {
  out: TextStream;
  err: TextStream;
  /** NO_COLOR and TERM of the environment decide, besides the stream itself. */
  wantsColour: boolean;
}

type Tone = 'dim' | 'bold' | 'warn' | 'danger' | 'good';
const tones: Record<Tone, string> = { dim: '2', bold: '1', warn: '33', danger: '31', good: '36' };

// Anything that a terminal could take as a command: C0 and C1 controls, and marks that reverse the direction of text.
const steering = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from strangers, made harmless for a terminal: control characters are shown as `\u{1b}`. */
export function harmless(text: string): string {
  return text.replace(steering, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** JSON on one line that is harmless on a terminal too; any JSON reader gives back the same strings. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    steering,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Some pseudo-terminals say 0 when they do not know. */
function columnsOf({ columns = 0 }: TextStream): number {
  return columns > 0 ? Math.max(10, columns) : 80;
}

export class Terminal {
  private isMuted = false;
  private progressLine = '';
  private lastPlain = '';

  constructor(private readonly options: TerminalOptions) {}

  get isErrTty(): boolean {
    return this.options.err.isTTY === true;
  }

  /** Nobody reads any more: says nothing from now on. */
  mute(): void {
    this.isMuted = true;
  }

  /** One line of the result. */
  print(line: string): void {
    if (this.isMuted) return;
    this.clearProgress();
    this.options.out.write(`${line}\n`);
    this.drawProgress();
  }

  /** One line for the person, beside the result. */
  note(line: string): void {
    if (this.isMuted) return;
    this.clearProgress();
    this.options.err.write(`${line}\n`);
    this.drawProgress();
  }

  /** Shows where the work stands: in place on a terminal, as a line of its own elsewhere. Empty text takes it away. */
  progress(text: string): void {
    if (this.isErrTty) {
      if (text === this.progressLine) return;
      this.clearProgress();
      this.progressLine = text.slice(0, columnsOf(this.options.err) - 1);
      this.drawProgress();
    } else if (text !== '' && text !== this.lastPlain) {
      this.lastPlain = text;
      this.options.err.write(`${text}\n`);
    }
  }

  /** Text in a tone, when stdout shows tones. */
  tone(text: string, tone: Tone): string {
    return this.options.wantsColour && this.options.out.isTTY === true
      ? `\u001b[${tones[tone]}m${text}\u001b[0m`
      : text;
  }

  private clearProgress(): void {
    if (this.progressLine !== '') this.options.err.write('\r\u001b[2K');
  }

  private drawProgress(): void {
    if (this.progressLine !== '') this.options.err.write(this.progressLine);
  }
}
