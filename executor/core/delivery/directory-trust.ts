/** Whether others may tamper with what lies below a directory. */

export interface DirectoryFacts {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly uid: number;
  readonly mode: number;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** What is wrong with it for user `uid`; undefined when nothing is. Asked for every component of a resolved path. */
export function judgeDirectory(facts: DirectoryFacts, uid: number): string | undefined {
  const { path, mode } = facts;
  if (!facts.isDirectory) return `${path} is no directory`;
  if (facts.uid !== 0 && facts.uid !== uid) return `${path} belongs to user ${facts.uid}`;
  if ((mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0)
    return `${path} is writable by others (mode ${(mode & 0o7777).toString(8)})`;
  return undefined;
}
