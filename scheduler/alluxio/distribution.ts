/** Where Alluxio and Java come from: artifacts that the scheduler serves, or what agents have (`LOCAL`). */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ArtifactFormat } from '../../protocol/artifact.ts';
import type { ArtifactRequest, ArtifactSource } from '../core/service-spec.ts';
import type { AlluxioSettings } from './settings.ts';

export interface Distribution {
  readonly artifacts: readonly ArtifactRequest[];
  /** The installation on the agent; may be a placeholder. */
  readonly home: string;
  readonly warnings: readonly string[];
}

/** Of an installation: what holds secrets or data of the scheduler's host, and what no server needs. */
const NOT_PACKED = ['conf', 'logs', 'journal', 'metastore', 'underFSStorage', 'client', 'work', '.git'];

const FORMAT_BY_SUFFIX: readonly (readonly [RegExp, ArtifactFormat])[] = [
  [/\.(?:tar\.gz|tgz)$/i, 'tar.gz'],
  [/\.(?:tar\.zst|tzst)$/i, 'tar.zst'],
  [/\.tar$/i, 'tar'],
];
const ARCHIVE = /\.(?:tar|tgz|tzst|tbz2?|txz|zip|tar\.\w+)$/i;

/** The documentation of 1.3 wrote values in quotes, which Java keeps as part of the value. */
export function unquote(text: string): string {
  return text.trim().replace(/^(["'])([\s\S]*)\1$/, '$2');
}

export function isLocal(text: string): boolean {
  return unquote(text).toUpperCase() === 'LOCAL';
}

export function warnQuotes(key: string, text: string | undefined): string[] {
  const isQuoted = text !== undefined && unquote(text) !== text.trim();
  return isQuoted ? [`${key} is in quotes: they are left out.`] : [];
}

/** The path of a URL, without its query; a plain path as it is. */
function pathOf(location: string): string {
  return URL.canParse(location) ? decodeURIComponent(new URL(location).pathname) : location;
}

function sourceOf(location: string, topFolder: string): ArtifactSource {
  if (/^https?:/i.test(location)) return { kind: 'url', url: location };
  const path = pathOf(location);
  if (ARCHIVE.test(path)) return { kind: 'file', path };
  return { kind: 'directory', path, topFolder, exclude: NOT_PACKED };
}

/** An archive or directory to serve. @throws StevedoreError ERR_ALLUXIO_LOCATION for other URL schemes and relative paths. */
export function requestTree(name: string, key: string, text: string): ArtifactRequest {
  const location = unquote(text);
  const isUsable = /^(?:https?|file):/i.test(location) || location.startsWith('/');
  if (!isUsable) throw new StevedoreError('ERR_ALLUXIO_LOCATION', { key, value: location });
  const format = FORMAT_BY_SUFFIX.find(([suffix]) => suffix.test(pathOf(location)))?.[1];
  return { name, class: 'public', ...(format && { format }), source: sourceOf(location, name) };
}

function selectJarUrl({ values, installation }: AlluxioSettings): string {
  const { jarUrl, dependencyPath } = values;
  if (jarUrl !== undefined && unquote(jarUrl) !== '') return jarUrl;
  if (dependencyPath !== undefined) return `${dependencyPath.replace(/\/$/, '')}/alluxio.tar.gz`;
  if (installation !== undefined) return installation;
  throw new StevedoreError('ERR_ALLUXIO_NO_DISTRIBUTION');
}

/** @throws StevedoreError ERR_ALLUXIO_NO_DISTRIBUTION, ERR_ALLUXIO_HOME, ERR_ALLUXIO_LOCATION */
export function resolveDistribution(settings: AlluxioSettings): Distribution {
  const key = 'alluxio.integration.mesos.alluxio.jar.url';
  const jarUrl = selectJarUrl(settings);
  const warnings = warnQuotes(key, settings.values.jarUrl);
  if (!isLocal(jarUrl))
    return { artifacts: [requestTree('alluxio', key, jarUrl)], home: '@{tree.alluxio}', warnings };
  const home = settings.values.home;
  if (home === undefined || !home.startsWith('/'))
    throw new StevedoreError('ERR_ALLUXIO_HOME', { value: home ?? '' });
  return { artifacts: [], home, warnings };
}
