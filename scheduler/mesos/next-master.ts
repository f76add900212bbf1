/** Whom to ask next when a master did not take the subscription, and what is told about it. */
import { StevedoreError } from '../../protocol/errors.ts';
import { type MasterAddress, renderMasterAddress } from './master-address.ts';
import { judgeRejection } from './rejection.ts';
import type { Rejection } from './scheduler-call.ts';
import type { TroubleLog } from './trouble-log.ts';

export interface Telling {
  readonly trouble: TroubleLog;
  /** For messages. */
  readonly principal: string | undefined;
}

/**
 * The master to ask next in the same attempt; undefined: the attempt is over.
 * @throws StevedoreError ERR_MASTER_AUTHENTICATION, ERR_MASTER_REFUSED
 */
export function findNextMaster(
  rejection: Rejection,
  chain: readonly MasterAddress[],
  { trouble, principal = '' }: Telling,
): MasterAddress | undefined {
  const { status, body, location } = rejection;
  const master = renderMasterAddress(chain.at(-1) as MasterAddress);
  const verdict = judgeRejection(rejection, chain);
  switch (verdict.kind) {
    case 'moved':
      trouble.info({ master, location }, 'redirected to the leading master');
      return verdict.to;
    case 'misdirected':
      trouble.warn({ master, location, problem: verdict.problem }, 'a redirect is not followed');
      return undefined;
    case 'not-ready':
      trouble.warn({ master, status, body }, 'the Mesos master is not ready');
      return undefined;
    case 'unauthenticated':
      throw new StevedoreError('ERR_MASTER_AUTHENTICATION', { master, principal });
    case 'refused':
      throw new StevedoreError('ERR_MASTER_REFUSED', { master, status, body: body.replace(/\.$/, '') });
  }
}
