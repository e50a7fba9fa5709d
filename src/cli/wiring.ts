import type { Finding } from "../drivers/doctor.ts";
import type { Engine } from "../engine/contract.ts";
import type { World } from "../model/world.ts";

/** What main.ts hands to the commands, so that no command names a concrete driver. Everything is made when it is first asked for. */
export interface Wiring {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  engine(): Promise<Engine>;
  /** The World as last saved, without loading the driver: what `list` and shell completion need within milliseconds. */
  world(): Promise<World>;
  /** Why this process may not change the network, in one sentence; absent when it may. */
  forbidden(): string | undefined;
  /** Examines the machine; changes nothing. */
  diagnose(): Promise<readonly Finding[]>;
}
