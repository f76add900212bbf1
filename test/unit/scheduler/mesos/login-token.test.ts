import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { createLoginToken, parseObject, readExpiryMs } from '../../../../scheduler/mesos/login-token.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('login of a service account', () => {
  it('is a JSON Web Token that the public key verifies, valid for minutes', () => {
    const [head = '', payload = '', signature = ''] = createLoginToken('svc', pem, 1_000_000).split('.');
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    assert.deepEqual(decode(head), { alg: 'RS256', typ: 'JWT' });
    assert.deepEqual(decode(payload), { uid: 'svc', exp: 1300 });
    const bytes = Buffer.from(`${head}.${payload}`);
    assert.ok(verify('RSA-SHA256', bytes, publicKey, Buffer.from(signature, 'base64url')));
    assert.ok(
      !verify('RSA-SHA256', Buffer.from(`${head}.e30`), publicKey, Buffer.from(signature, 'base64url')),
    );
  });

  it('reads when a token runs out, and takes anything else for one that does not tell', () => {
    const token = (claims: string) => `e30.${Buffer.from(claims).toString('base64url')}.x`;
    assert.equal(readExpiryMs(token('{"exp":12}')), 12_000);
    for (const text of ['', 'a.b.c', token('{}'), token('[]'), token('null'), token('{"exp":"12"}')])
      assert.equal(readExpiryMs(text), undefined);
    assert.equal(parseObject('null'), undefined);
  });
});
