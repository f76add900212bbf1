import assert from 'node:assert/strict';
import { listArtifactServers } from '../../../scheduler/artifact-servers.ts';

const standby = (artifactHost?: string) => ({ apiUrl: '', pid: 1, host: 'h', sinceMs: 0, artifactHost });

describe('listArtifactServers', () => {
  it('names the own server first, then the hosts of the others on its port, each once', () => {
    const others = [standby('10.0.0.2'), standby('fd00::1'), standby('10.0.0.1'), standby('10.0.0.2')];
    assert.deepEqual(listArtifactServers('https://10.0.0.1:4000', others), [
      'https://10.0.0.1:4000',
      'https://10.0.0.2:4000',
      'https://[fd00::1]:4000',
    ]);
  });

  it('passes over who does not say where it will serve', () => {
    assert.deepEqual(listArtifactServers('https://a:1', [standby()]), ['https://a:1']);
  });
});
