/**
 * What the scheduler tells the executor about one task, in `TaskInfo.data` (base64 of JSON). Anybody who may read Mesos'
 * state may read it, so nothing in it is secret but the tokens, which only open this task's own artifacts.
 */
import * as z from 'zod/mini';
import { StevedoreError } from './errors.ts';

/** Raised when an executor of the version before could not act on a spec any more. */
export const LAUNCH_SPEC_VERSION = 1;

const artifact = z.object({
  name: z.string().check(z.regex(/^[a-z][\w-]*$/)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  sizeBytes: z.number(),
  fileName: z.string().check(z.regex(/^[^/\0]+$/)),
  class: z.enum(['public', 'secret']),
  format: z.enum(['tar', 'tar.gz', 'tar.zst', 'none']),
  token: z.optional(z.string()),
});

/** A configuration file that is rendered outside the sandbox, under `@{config}`. */
const file = z.object({
  /** Relative to the configuration directory; never absolute, never with `..`. */
  path: z.string(),
  format: z.enum(['properties', 'text']),
  /** Name of the artifact (format `none`) whose content comes first: what the operator wrote. */
  from: z.optional(z.string()),
  /** `properties`: keys that placement decides; they replace the operator's. Values may hold placeholders. */
  set: z.optional(z.record(z.string(), z.string())),
  /** `text` without `from`: the whole content; may hold placeholders. */
  text: z.optional(z.string()),
  /** Octal as text, 0600 when unset. */
  mode: z.optional(z.string()),
});

/** A directory outside the sandbox, as `@{directory.<name>}`. */
const directory = z.object({
  name: z.string().check(z.regex(/^[a-z][\w-]*$/)),
  /**
   * Absolute, as the operator configured it; `@{sandbox}/<containerPath>/…`: in a persistent volume; unset: under the agent
   * state root, by cluster and instance.
   */
  path: z.optional(z.string()),
  /** `state` outlives the task, `scratch` is emptied before a start and removed at the end. */
  kind: z.enum(['state', 'scratch']),
  /**
   * State that a `prepare` command sets up once. `true`: our store says that it was, so an empty directory is a failure
   * that says so; `false`: an empty one is set up and reported in the label `stevedore.formatted`.
   */
  formatted: z.optional(z.boolean()),
});

const command = z.object({
  /** The first choice whose `requires` exists is taken; one without `requires` always fits. */
  choices: z.array(z.object({ requires: z.optional(z.string()), argv: z.array(z.string()) })),
  cwd: z.optional(z.string()),
});

const probe = z.object({
  kind: z.enum(['tcp', 'http']),
  host: z.string(),
  port: z.number(),
  /** http: 200-399 is success. */
  path: z.optional(z.string()),
  intervalMs: z.number(),
  timeoutMs: z.number(),
  /** Readiness only: how long the service may take until the task fails. */
  deadlineMs: z.number(),
});

const launchSpec = z.object({
  version: z.literal(LAUNCH_SPEC_VERSION),
  cluster: z.string(),
  service: z.string(),
  component: z.string(),
  /** `worker-1`: stays when a task is replaced. Names state directories. */
  instance: z.string(),
  taskId: z.string(),
  /** Base URLs of artifact servers, tried in order: `https://10.0.0.5:8443`. */
  servers: z.array(z.string()),
  /** PEM certificates of the CAs that these servers may be signed by; no other is trusted. */
  trust: z.array(z.string()),
  artifacts: z.array(artifact),
  files: z.array(file),
  directories: z.array(directory),
  ramdisk: z.optional(
    z.object({
      sizeBytes: z.number(),
      sharing: z.enum(['private', 'host']),
      /** host: the operator's tmpfs. */
      path: z.optional(z.string()),
    }),
  ),
  ports: z.record(z.string(), z.number()),
  addresses: z.record(z.string(), z.string()),
  /** All that the service's environment holds. */
  environment: z.record(z.string(), z.string()),
  limits: z.optional(z.object({ openFiles: z.optional(z.number()), umask: z.optional(z.string()) })),
  /**
   * Run to the end, in order, before the service. `formats`: only when that state directory is empty and was never
   * formatted. `expect`: the output (stdout and stderr) must match this pattern, else the task fails with `message`.
   */
  prepare: z.array(
    z.object({
      name: z.string(),
      command,
      formats: z.optional(z.string()),
      expect: z.optional(z.object({ pattern: z.string(), message: z.string() })),
      timeoutMs: z.number(),
    }),
  ),
  command,
  readiness: probe,
  /** TERM, this long, KILL. */
  killGraceMs: z.number(),
});

export type LaunchSpec = z.infer<typeof launchSpec>;
export type FileSpec = z.infer<typeof file>;
export type DirectorySpec = z.infer<typeof directory>;
export type CommandSpec = z.infer<typeof command>;
export type ProbeSpec = z.infer<typeof probe>;

/** Encodes a spec for `TaskInfo.data`. */
export function renderLaunchSpec(spec: LaunchSpec): string {
  return Buffer.from(JSON.stringify(spec)).toString('base64');
}

function readJson(base64: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(base64 ?? '', 'base64').toString('utf8'));
  } catch {
    throw new StevedoreError('ERR_LAUNCH_SPEC_INVALID', { problem: 'TaskInfo.data is not base64 of JSON' });
  }
}

/** @throws StevedoreError ERR_LAUNCH_SPEC_INVALID naming the first field that is wrong. */
export function parseLaunchSpec(base64: string | undefined): LaunchSpec {
  const result = z.safeParse(launchSpec, readJson(base64));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const problem = `${issue?.path.join('.') || 'the spec'}: ${issue?.message ?? 'invalid'}`;
  throw new StevedoreError('ERR_LAUNCH_SPEC_INVALID', { problem });
}
