import assert from 'node:assert/strict';
import {
  booleanType,
  enumType,
  integerType,
  listType,
  numberType,
  portType,
} from '../../../config/option-types.ts';

const REFUSED = { code: 'ERR_OPTION_VALUE' };

describe('option types', () => {
  it('read whole numbers within their bounds and nothing else', () => {
    assert.equal(integerType(1, 9).parse(' 9 '), 9);
    for (const text of ['0', '10', '1.5', '1e1', '', 'x'])
      assert.throws(() => integerType(1, 9).parse(text), REFUSED);
  });

  it('read decimal numbers above a bound', () => {
    assert.equal(numberType(0).parse('0.5'), 0.5);
    for (const text of ['0', '-1', 'x', '', '1,5', 'Infinity', '.'])
      assert.throws(() => numberType(0).parse(text), REFUSED);
  });

  it('read ports, 0 for any', () => {
    assert.equal(portType.parse('0'), 0);
    for (const text of ['65536', '-1', '']) assert.throws(() => portType.parse(text), REFUSED);
  });

  it('read booleans and words in any case', () => {
    assert.equal(booleanType.parse('TRUE'), true);
    assert.throws(() => booleanType.parse('yes'), REFUSED);
    assert.equal(enumType('ip', 'hostname').parse('IP'), 'ip');
    assert.throws(() => enumType('ip', 'hostname').parse('ips'), /one of ip, hostname/);
  });

  it('read lists without empty elements', () => {
    assert.deepEqual(listType.parse(' /a , ,/b,'), ['/a', '/b']);
  });
});
