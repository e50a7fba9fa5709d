// A VPC that a program of somebody else's is attached to, for tests of `attach`.
import type { FakeHost } from "../support/fake-host.ts";

/** A VPC with an instance of its own, which has 10.0.1.5. */
export const network = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "run-instance a web --name one"];
/** That instance's namespace. */
export const one = "vpc.a.web.one";

/** Runs a command in the namespace of the program. */
export const inside = (host: FakeHost, pid: string, command: string): Promise<string> => host.sh(`nsenter --target ${pid} --net ${command}`);
