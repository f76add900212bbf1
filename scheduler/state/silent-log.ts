/** For commands: what goes wrong comes as an error, and what comes and goes is no matter. */

export const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
