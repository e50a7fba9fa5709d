// Namespaces on their way out. The kernel takes a namespace apart as soon as nothing holds it, and while it does, taking the next one's name
// away waits for it: 0.15 ms a name instead of 0.03. So each is held open until all names are gone; then they go together.
import { isKernelError } from "../../../kernel/errors.ts";
import { deleteNamespace, NamespaceHandle } from "../../../kernel/namespaces.ts";

/** Well below the limit of open files that systems set for root; beyond, those held so far go first. */
const mostHeld = 512;

export class Departures {
  #held: NamespaceHandle[] = [];

  /** As `deleteNamespace`, but the namespace lives on until `end`. */
  delete(namespace: string): void {
    if (this.#held.length >= mostHeld) this.end();
    const handle = openIfThere(namespace);
    if (handle !== undefined) this.#held.push(handle);
    deleteNamespace(namespace);
  }

  end(): void {
    for (const handle of this.#held) handle.close();
    this.#held = [];
  }
}

/** What is not there, or cannot be opened, is for the deletion to judge. */
function openIfThere(namespace: string): NamespaceHandle | undefined {
  try {
    return new NamespaceHandle(namespace);
  } catch (error) {
    if (isKernelError(error)) return undefined;
    throw error;
  }
}
