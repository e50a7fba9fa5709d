// Who may import whom. The first row whose `files` match a path decides; a file without a row breaks a rule of its own.
import { importsOf, isTest, type SourceFile } from "./source-file.ts";

interface Layer {
  readonly files: RegExp;
  /** Our own files it may import, besides those of its own row. */
  readonly imports: RegExp | "everything" | "nothing";
  /** A pure layer computes; it reaches neither files nor processes, sockets, clocks nor the runtime. */
  readonly pure: boolean;
  /** Said when the row is broken. */
  readonly rule: string;
}

const model = "src/model/";
const contract = "src/drivers/[^/]+\\.ts$";

export const layers: readonly Layer[] = [
  { files: /^src\/(main|children|run-here|start-engine)\.ts$/, imports: "everything", pure: false, rule: "main wires everything together" },
  { files: /^src\/model\//, imports: "nothing", pure: true, rule: "the model is pure and imports nothing" },
  { files: /^src\/operations\//, imports: any(model), pure: true, rule: "operations are pure functions of Worlds and import only the model" },
  { files: /^src\/analysis\//, imports: any(model), pure: true, rule: "analysis answers questions about a World and imports only the model" },
  { files: /^src\/plan\//, imports: any(model), pure: true, rule: "a plan compares two Worlds and imports only the model" },
  { files: /^src\/kernel\//, imports: "nothing", pure: false, rule: "kernel knows the operating system and nothing of ours" },
  { files: /^src\/drivers\/[^/]+\.ts$/, imports: any(model), pure: true, rule: "a contract of the drivers names model types and no driver" },
  ...driver("linux", any(model, contract, "src/kernel/")),
  ...driver("memory", any(model, contract)),
  { files: /^src\/store\//, imports: any(model, "src/kernel/"), pure: false, rule: "the store imports only model and kernel" },
  { files: /^src\/workloads\//, imports: any(model, "src/kernel/"), pure: false, rule: "workloads import only model and kernel" },
  {
    files: /^src\/dns\//,
    imports: any(model, contract, "src/kernel/", "src/workloads/"),
    pure: false,
    rule: "name servers are programs made from a World: they import model, kernel and workloads",
  },
  {
    files: /^src\/standby\//,
    imports: any(model, "src/kernel/", "src/workloads/"),
    pure: false,
    rule: "a standby process carries out what it is handed, whatever it is: it imports model, kernel and workloads",
  },
  { files: /^src\/sandbox\//, imports: any(model, "src/kernel/"), pure: false, rule: "the sandbox imports only model and kernel" },
  {
    files: /^src\/engine\//,
    imports: any(model, "src/operations/", "src/analysis/", "src/plan/", contract, "src/store/"),
    pure: false,
    rule: "the engine knows drivers only through their contract, and nothing above itself",
  },
  {
    files: /^src\/cli\//,
    imports: any(model, "src/(?:operations|analysis|plan|engine|store|workloads|sandbox|standby)/", contract, "src/kernel/files\\.ts"),
    pure: false,
    rule: "the command line goes through the engine; only main names a driver, only drivers, store and workloads reach the kernel, except for its calls on files",
  },
];

/** A driver has two rows: the files that look at or change the machine, and all others, which compute. */
function driver(name: string, imports: RegExp): Layer[] {
  const own = `src/drivers/${name}/`;
  return [
    {
      files: new RegExp(`^${own}(.*/)?(observe|apply|probe|survey|doctor|${name}-driver)\\b`),
      imports: any(own, imports.source),
      pure: false,
      rule: `the ${name} driver imports model, the contract and its own files, never another driver`,
    },
    {
      files: new RegExp(`^${own}`),
      imports: any(model, contract),
      pure: true,
      rule: "compile, diff and steps of a driver are pure; only its observe, apply, probe, survey and doctor files reach the kernel",
    },
  ];
}

/** Modules of the runtime that only compute. */
const pureModules = new Set(["node:crypto", "node:util", "node:assert"]);

/** One sentence for each import of the file that goes the wrong way. */
export function brokenImports(file: SourceFile): string[] {
  if (!file.path.startsWith("src/") || isTest(file)) return [];
  const layer = layers.find(({ files }) => files.test(file.path));
  if (layer === undefined) return [`${file.path} belongs to no layer: add its directory to test/architecture/layers.ts, with the reason`];
  return importsOf(file)
    .filter((target) => !isAllowed(layer, target))
    .map((target) => `${file.path} imports ${target}: ${layer.rule}`);
}

function isAllowed(layer: Layer, target: string): boolean {
  if (target.startsWith("test/")) return false;
  if (!target.startsWith("src/")) return !layer.pure || pureModules.has(target);
  if (layer.files.test(target) || layer.imports === "everything") return true;
  return layer.imports !== "nothing" && layer.imports.test(target);
}

function any(...starts: readonly string[]): RegExp {
  return new RegExp(`^(?:${starts.map((start) => start.replace(/^\^/, "")).join("|")})`);
}
