import assert from 'node:assert/strict';
import { EXECUTOR_API, SCHEDULER_API } from '../../../local/wire/api-proto.ts';
import { readJson, readMessage } from '../../../local/wire/read-json.ts';
import { renderJson } from '../../../local/wire/render-json.ts';
import { renderText } from '../../../local/wire/render-text.ts';

const read = (json: unknown): unknown => readMessage(SCHEDULER_API, 'Call', json);

describe("Mesos' JSON", () => {
  it('drops unknown fields, nulls and unknown values of optional enumerations', () => {
    assert.deepEqual(read({ type: 'REVIVE', what: 1, revive: null }), { type: 'REVIVE' });
    assert.deepEqual(read({ type: 'NEWER_THAN_WE' }), {});
  });

  it('takes numbers as text, and one value where several may stand', () => {
    const call = {
      type: 'DECLINE',
      decline: { offer_ids: { value: 'o' }, filters: { refuse_seconds: '5' } },
    };
    assert.deepEqual(read(call), {
      type: 'DECLINE',
      decline: { offer_ids: [{ value: 'o' }], filters: { refuse_seconds: 5 } },
    });
  });

  it('names every required field that is missing, with its place', () => {
    const task_infos = [{ name: 'n', agent_id: {} }];
    const call = { type: 'ACCEPT', accept: { operations: [{ type: 'LAUNCH', launch: { task_infos } }] } };
    const place = 'accept.operations[0].launch.task_infos[0]';
    assert.throws(() => read(call), {
      message: `Failed to convert JSON into Call protobuf: Missing required fields: ${place}.task_id, ${place}.agent_id.value`,
    });
    assert.throws(
      () => readMessage(EXECUTOR_API, 'Call', {}),
      /Missing required fields: executor_id, framework_id$/,
    );
  });

  it('refuses values of another kind and bytes that are no base64', () => {
    assert.throws(() => read({ type: 1 }), /Not expecting a JSON number for field 'type'$/);
    assert.throws(() => read({ framework_id: 'f' }), /Not expecting a JSON string for field 'framework_id'$/);
    const acknowledge = { agent_id: { value: 'S' }, task_id: { value: 't' }, uuid: '%%' };
    assert.throws(() => read({ type: 'ACKNOWLEDGE', acknowledge }), /decode bytes field 'uuid'$/);
  });

  it('tells where text is no JSON', () => {
    assert.throws(() => readJson('hello'), /syntax error at line 1 near: hello$/);
    assert.throws(() => readJson('{"type":'), /syntax error at line 1 near: $/);
  });

  it('writes doubles with a point, integers without, defaults spelled out, empty lists not at all', () => {
    const executor = {
      executor_id: { value: 'e' },
      command: { value: 'run', uris: [{ value: 'u' }], arguments: [] },
    };
    assert.equal(
      renderJson(EXECUTOR_API, 'ExecutorInfo', {
        ...executor,
        resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
      }),
      '{"executor_id":{"value":"e"},"command":{"uris":[{"value":"u","extract":true}],"shell":true,"value":"run"},' +
        '"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1.0}}]}',
    );
    assert.equal(renderJson(EXECUTOR_API, 'DurationInfo', { nanoseconds: 5 }), '{"nanoseconds":5}');
  });

  it('writes the text format by field number, quoted as C does', () => {
    const text = renderText(EXECUTOR_API, 'CommandInfo', {
      value: 'echo "a"',
      shell: true,
      uris: [{ value: 'u' }],
    });
    assert.equal(text, 'uris {\n  value: "u"\n}\nvalue: "echo \\"a\\""\nshell: true\n');
  });
});
