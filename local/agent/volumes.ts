/** Persistent volumes as directories, and the links by which containers see them (isolator filesystem/posix of Mesos). */
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import type { Resource } from '../../protocol/mesos/resource.ts';
import { isPersistentVolume, reservationRole } from '../operations.ts';

function rootOf(workDir: string, { disk }: Resource): string {
  const root = disk?.source?.path?.root ?? disk?.source?.mount?.root;
  return root === undefined ? workDir : path.resolve(workDir, root);
}

/** A whole mount for a MOUNT disk; else a directory by role, in which Mesos writes `/` as a blank, and id. */
function volumePath(workDir: string, volume: Resource): string {
  const root = rootOf(workDir, volume);
  if (volume.disk?.source?.type === 'MOUNT') return root;
  const role = (reservationRole(volume) ?? '*').replaceAll('/', ' ');
  return path.join(root, 'volumes', 'roles', role, volume.disk?.persistence?.id ?? '');
}

export function createVolume(workDir: string, volume: Resource): void {
  mkdirSync(volumePath(workDir, volume), { recursive: true });
}

/** Wipes the data. A mount stays; what is mounted there becomes empty. */
export function destroyVolume(workDir: string, volume: Resource): void {
  const directory = volumePath(workDir, volume);
  if (volume.disk?.source?.type !== 'MOUNT') return rmSync(directory, { recursive: true, force: true });
  for (const name of readdirSync(directory))
    rmSync(path.join(directory, name), { recursive: true, force: true });
}

/** A path with a slash is none that this isolator links. */
function isLinked(resource: Resource): boolean {
  const containerPath = resource.disk?.volume?.container_path ?? '/';
  return isPersistentVolume(resource) && !containerPath.includes('/');
}

function readLink(link: string): string | undefined {
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isSymbolicLink() ? readlinkSync(link) : '';
}

/** The container's user owns the volume, but not what lies in it already. */
function linkVolume(sandbox: string, original: string, link: string): void {
  const { uid, gid } = statSync(sandbox);
  if (uid !== 0 && process.getuid?.() === 0) chownSync(original, uid, gid);
  const present = readLink(link);
  if (present === original) return;
  if (present !== undefined)
    throw new Error(`Failed to symlink persistent volume from '${original}' to '${link}'`);
  symlinkSync(original, link);
}

/** Where a sandbox shows which volume. */
function linksOf(workDir: string, sandbox: string, resources: readonly Resource[]): Map<string, string> {
  const links = resources.filter(isLinked).map((volume): [string, string] => {
    const link = path.join(sandbox, volume.disk?.volume?.container_path ?? '');
    return [link, volumePath(workDir, volume)];
  });
  return new Map(links);
}

/**
 * Makes the sandbox show these volumes.
 * @throws Error with Mesos' text when something else is in the place of a link.
 */
export function linkVolumes(workDir: string, sandbox: string, volumes: readonly Resource[]): void {
  for (const [link, original] of linksOf(workDir, sandbox, volumes)) linkVolume(sandbox, original, link);
}

/** Takes the links away; what the container put in their place stays. */
export function unlinkVolumes(workDir: string, sandbox: string, volumes: readonly Resource[]): void {
  for (const [link, original] of linksOf(workDir, sandbox, volumes))
    if (readLink(link) === original) rmSync(link);
}
