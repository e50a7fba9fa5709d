/**
 * Thrown by a process that acts on behalf of another, before it has touched anything: this command starts or ends programs, or may have to.
 * What is started inherits limits, priority and control group from who starts it, so it is for the caller to do.
 */
export class LeftToCaller extends Error {
  override readonly name = "LeftToCaller";

  constructor() {
    super("this is for the caller to do");
  }
}
