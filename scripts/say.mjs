// What the scripts say goes to stderr: stdout belongs to the program that is built or run.

/** Tells what is going on, one line. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Ends the script with a problem told in full: what, why, and how to get on.
 * @param {string} problem
 * @param {number} status exit status: 1 failed, 2 wrong usage, 5 something the machine lacks
 * @returns {never}
 */
export function giveUp(problem, status = 1) {
  say(problem);
  process.exit(status);
}
