import assert from 'node:assert/strict';
import { describeConnectionProblem } from '../../../../scheduler/mesos/connection-problem.ts';

const failure = (code: string, message = 'words of a library') => Object.assign(new Error(message), { code });

describe('why a master cannot be reached', () => {
  it('says what TLS errors mean, with their code', () => {
    const describeTls = (code: string, message?: string) =>
      describeConnectionProblem(failure(code, message), 'https:');
    assert.match(describeTls('SELF_SIGNED_CERT_IN_CHAIN'), /no authority.*\(SELF_SIGNED_CERT_IN_CHAIN\)/);
    assert.match(describeTls('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), /client certificate/);
    assert.match(describeTls('EPROTO', 'ssl3_get_record:wrong version number'), /write http:\/\//);
    assert.equal(describeTls('ECONNRESET', 'socket hang up'), 'socket hang up');
  });

  it('guesses at TLS where plain http is hung up on', () => {
    assert.match(describeConnectionProblem(failure('ECONNRESET'), 'http:'), /write https:\/\//);
  });

  it('leaves everything else as it is', () => {
    assert.equal(describeConnectionProblem(failure('ECONNREFUSED', 'refused'), 'http:'), 'refused');
    assert.equal(describeConnectionProblem(new Error('no answer'), undefined), 'no answer');
  });
});
