import assert from 'node:assert/strict';
import { parseArgs } from '../../../local/arguments.ts';
import { parseAttributes, parseResources } from '../../../local/resources-syntax.ts';

describe('the command line of stevedore local', () => {
  it('takes flags with an equals sign or a blank, with dashes or underscores', () => {
    const parsed = parseArgs(['agent', '--work_dir=/w', '--port', '0', '--hostname=h']);
    assert.equal(parsed.program, 'agent');
    assert.ok(parsed.program === 'agent' && parsed.options.workDir === '/w' && parsed.port === 0);
    assert.equal(parsed.program === 'agent' && parsed.options.fetcherCacheDir, '/w/fetch');
  });

  it('runs the supervisor when no program is named', () => {
    const parsed = parseArgs(['--agents=3', '--cpus=2']);
    assert.deepEqual(parsed.program === 'supervisor' && [parsed.options.agents, parsed.options.cpus], [
      3,
      '2',
    ]);
  });

  it('collects environment variables for executors', () => {
    const parsed = parseArgs(['agent', '--executor-environment=A=1', '--executor-environment', 'B=x=y']);
    assert.deepEqual(parsed.program === 'agent' && parsed.options.executorEnvironment, { A: '1', B: 'x=y' });
  });

  it('refuses unknown flags, missing values and numbers that are none', () => {
    const codeOf = (args: string[]): string => {
      try {
        parseArgs(args);
        return 'none';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    assert.equal(codeOf(['master', '--agents=2']), 'ERR_LOCAL_FLAG_UNKNOWN');
    assert.equal(codeOf(['start']), 'ERR_LOCAL_FLAG_UNKNOWN');
    assert.equal(codeOf(['master', '--port']), 'ERR_LOCAL_FLAG_VALUE');
    assert.equal(codeOf(['master', '--port=65536']), 'ERR_LOCAL_FLAG_VALUE');
    assert.equal(codeOf(['agent', '--resources=cpus']), 'ERR_LOCAL_RESOURCES_SYNTAX');
  });

  it('reads resources and attributes as an agent does', () => {
    assert.deepEqual(parseResources('cpus:0.5; ports:[1-2,3-4]'), [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 4 }] } },
    ]);
    assert.deepEqual(parseAttributes('rack:r1;gen:3;url:a:b'), [
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'gen', type: 'SCALAR', scalar: { value: 3 } },
      { name: 'url', type: 'TEXT', text: { value: 'a:b' } },
    ]);
  });

  it('takes a master that does not lead, speaks TLS or stands somewhere', () => {
    const domain = { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } };
    const parsed = parseArgs([
      'master',
      '--redirect-to=h:5050',
      '--certificate=c',
      '--key=k',
      `--domain=${JSON.stringify(domain)}`,
    ]);
    assert.ok(parsed.program === 'master');
    const { leader, tls } = parsed.options;
    assert.deepEqual(
      [leader, tls, parsed.options.domain],
      ['h:5050', { certificate: 'c', key: 'k' }, domain],
    );
  });

  it('refuses a certificate without a key, a domain that is none and a set as an attribute', () => {
    assert.throws(() => parseArgs(['master', '--certificate=c']), { code: 'ERR_LOCAL_FLAG_VALUE' });
    assert.throws(() => parseArgs(['master', '--domain={"fault_domain":{}}']), { code: 'ERR_LOCAL_DOMAIN' });
    assert.throws(() => parseAttributes('rack:{a,b}'), { code: 'ERR_LOCAL_RESOURCES_SYNTAX' });
  });
});
