/** The Mesos whose recordings the local one is held to. */
export const VERSION = '1.12.0';
