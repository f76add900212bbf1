/** Options that say where the scheduler remembers, and what protects it there. */
import type { OptionTable } from '../../config/option-table.ts';
import { booleanType, stringType } from '../../config/option-types.ts';
import type { KeyNaming } from './key-naming.ts';
import { durationFromType, hidePassword } from './scheduler-option-types.ts';

const section = 'State';

export function createStateOptions(keyOf: KeyNaming) {
  return {
    stateDirectory: {
      key: keyOf('state.dir'),
      type: stringType,
      flag: 'state-dir',
      section,
      doc: "The scheduler's own state on its host; unset: `~/.stevedore/CLUSTER`. It must outlive the scheduler. With `state` it holds sockets and artifacts only.",
    },
    state: {
      key: keyOf('state'),
      type: stringType,
      display: hidePassword,
      flag: 'state',
      section,
      doc: '`zk://h1:2181,h2:2181/path`: the state is in ZooKeeper, and of several schedulers one leads; unset: SQLite in the state directory.',
    },
    stateCredentialsFile: {
      key: keyOf('state.zk-credentials'),
      type: stringType,
      flag: 'state-zk-credentials',
      section,
      doc: 'File of mode 0600 that holds `user:password` for ZooKeeper.',
    },
    stateKeyFile: {
      key: keyOf('state.key-file'),
      type: stringType,
      flag: 'state-key-file',
      section,
      doc: 'File of 32 bytes that keys and secrets in the state are encrypted with.',
    },
    stateUnprotected: {
      key: keyOf('state.unprotected'),
      type: booleanType,
      default: 'false',
      flag: 'state-unprotected',
      section,
      doc: 'Everybody who reaches ZooKeeper may read the keys in the state.',
    },
    stateSessionTimeout: {
      key: keyOf('state.zk-session-timeout'),
      type: durationFromType(1000, '1s'),
      flag: 'state-zk-session-timeout',
      section,
      doc: 'After this time without a sign of life another scheduler leads; unset: 6s. ZooKeeper grants 2 to 20 of its ticks.',
    },
  } satisfies OptionTable;
}
