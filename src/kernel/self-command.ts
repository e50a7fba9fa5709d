// How this program starts itself again, for parts that must run in a process of their own.
/** Program and first arguments that start vpcctl: the compiled executable alone, or the runtime and the entry file in a checkout. */
export function selfCommand(): readonly string[] {
  // Only in a compiled executable do the sources lie in the runtime's make-believe file system.
  return import.meta.dir.startsWith("/$bunfs/") ? [process.execPath] : [process.execPath, `${import.meta.dir.slice(0, import.meta.dir.lastIndexOf("/"))}/main.ts`];
}
