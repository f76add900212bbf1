/** A master with a certificate: TLS for everybody but the agents' own stream. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { type LocalMesos, startLocalMesos } from './local-mesos.ts';
import { RawConnection } from './raw-http.ts';

describe('a local master with a certificate', () => {
  let mesos: LocalMesos;
  let directory: string;
  let ca: string;

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'stevedore-tls-'));
    const altNames = [{ type: 7 as const, ip: '127.0.0.1' }];
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      keySize: 2048,
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    const tls = { certificate: path.join(directory, 'cert.pem'), key: path.join(directory, 'key.pem') };
    writeFileSync(tls.certificate, pems.cert);
    writeFileSync(tls.key, pems.private);
    ca = pems.cert;
    mesos = await startLocalMesos({ master: { tls } });
  });
  after(async () => {
    await mesos.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('answers in TLS, with agents that registered beside it', async () => {
    const state = await new Promise<string>((resolve, reject) => {
      const url = `https://127.0.0.1:${mesos.master.port}/state`;
      const request = https.get(url, { ca, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(text));
      });
      request.on('error', reject);
    });
    assert.equal(JSON.parse(state).activated_slaves, 1);
  });

  it('answers nothing in the clear', async () => {
    const request = 'GET /state HTTP/1.1\r\nHost: x\r\n\r\n';
    const connection = await RawConnection.open(mesos.master.port, '127.0.0.1', request);
    await connection.until('the end', () => connection.ended);
    assert.equal(connection.text, '');
  });

  it('does not start without the files', async () => {
    const tls = { certificate: path.join(directory, 'none'), key: path.join(directory, 'none') };
    const { startMaster } = await import('../../../local/master/server.ts');
    await assert.rejects(startMaster({ ...mesos.masterOptions, tls }, 0), { code: 'ERR_LOCAL_FLAG_VALUE' });
  });
});
