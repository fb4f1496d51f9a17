/** What the scripts say while they work: short lines on stderr, so that stdout belongs to results. */

/** One plain line. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends a script that cannot go on: the reason, no stack trace, exit code 1. */
export function giveUp(error) {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
