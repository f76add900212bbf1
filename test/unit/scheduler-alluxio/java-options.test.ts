import assert from 'node:assert/strict';
import {
  fitJavaOptions,
  sortJavaOptions,
  splitJavaOptions,
} from '../../../scheduler/alluxio/java-options.ts';

const MEMORY = { memMiB: 1000, shares: { heap: 0.6, direct: 0.15 }, key: 'x.mem' };

describe('Java options', () => {
  it('are split at spaces, with quotes as in a shell', () => {
    assert.deepEqual(splitJavaOptions(` -Xmx1g  -Da="b c" '-Dd=e f' `), ['-Xmx1g', '-Da=b c', '-Dd=e f']);
    assert.deepEqual(splitJavaOptions(''), []);
  });

  it('get a heap and direct memory that fit, where the operator set none', () => {
    assert.deepEqual(fitJavaOptions(['-XX:+UseG1GC'], MEMORY), [
      '-Xmx600m',
      '-XX:MaxDirectMemorySize=150m',
      '-XX:+UseG1GC',
    ]);
    assert.deepEqual(fitJavaOptions(['-Xmx800m'], MEMORY), ['-XX:MaxDirectMemorySize=100m', '-Xmx800m']);
    assert.deepEqual(fitJavaOptions(['-Xmx100m', '-XX:MaxDirectMemorySize=1m'], MEMORY), [
      '-Xmx100m',
      '-XX:MaxDirectMemorySize=1m',
    ]);
  });

  it('are refused when heap and direct memory do not fit', () => {
    assert.throws(() => fitJavaOptions(['-Xmx8g'], MEMORY), /8192 MiB .* x\.mem = 1000 MiB/);
    assert.throws(() => fitJavaOptions(['-Xmx800m', '-XX:MaxDirectMemorySize=200m'], MEMORY), {
      code: 'ERR_ALLUXIO_HEAP',
    });
  });

  it('are refused when they look like a secret, and the value is not repeated', () => {
    const secrets = [
      '-Daws.secretKey=v3ry',
      '-Djavax.net.ssl.keyStorePassword=v3ry',
      '-Dfs.azure.account.key=v3ry',
    ];
    const { problems, options } = sortJavaOptions(secrets.join(' '), 'environment variable X');
    assert.equal(problems.length, 3);
    assert.deepEqual(options, []);
    assert.doesNotMatch(problems.join(), /v3ry/);
    assert.match(problems[0]?.message ?? '', /aws\.secretKey \(environment variable X\)/);
  });

  it('keep paths of key stores and of tickets', () => {
    const paths = ['-Djavax.net.ssl.keyStore=/x', '-Djava.security.krb5.conf=/y', '-Xss1m'];
    assert.deepEqual(sortJavaOptions(paths.join(' '), '').options, paths);
  });
});
