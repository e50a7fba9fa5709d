import type { Driver } from "../drivers/driver.ts";
import type { Store } from "../store/store.ts";
import type { EndedProcess } from "./report.ts";
import type { Services } from "./services.ts";

/** What the engine stands on. */
export interface Foundations {
  readonly driver: Driver;
  readonly store: Store;
  readonly services: Services;
  /** Ends what runs in these namespaces; says what it ended. */
  readonly endProcessesIn: (namespaces: readonly string[]) => EndedProcess[];
  /** This process acts on behalf of another, and leaves to it what starts or ends programs: then LeftToCaller is thrown. */
  readonly isOnBehalf?: boolean;
  /** Forgets detached workloads, of one VPC or all. */
  readonly forgetWorkloads: (vpc?: string) => void;
}
