/** What /proc/mounts says about a path. */

export interface Mount {
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Spaces and backslashes are written as octal escapes there (proc(5)). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length >= 4)
    .map(([, point, type, options]) => ({
      point: unescapeOctal(point as string),
      type: type as string,
      options: (options as string).split(','),
    }));
}

/** The mount that an absolute, resolved path lies on: the deepest, and of several on one point the last. */
export function selectMount(mounts: readonly Mount[], path: string): Mount | undefined {
  const holds = ({ point }: Mount) => point === '/' || path === point || path.startsWith(`${point}/`);
  return mounts
    .filter(holds)
    .reduce<Mount | undefined>(
      (best, mount) => (best === undefined || mount.point.length >= best.point.length ? mount : best),
      undefined,
    );
}
