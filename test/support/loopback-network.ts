/**
 * The first three numbers of loopback addresses for the agents of this process: services listen on the ports that agents
 * offer, so files that are tested side by side, each by a process of its own, must not share them.
 */
export const LOOPBACK_NETWORK = `127.${100 + (process.pid % 100)}.${1 + (Math.floor(process.pid / 100) % 250)}`;
