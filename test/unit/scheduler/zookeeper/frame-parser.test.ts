import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameParser, renderFrame } from '../../../../scheduler/zookeeper/frame-parser.ts';

describe('frames of ZooKeeper', () => {
  it('come out whole, however the stream is cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 80 }), (sent, sizes) => {
        const parser = new FrameParser();
        let stream = Buffer.concat(sent.map((message) => renderFrame(Buffer.from(message))));
        const received: Buffer[] = [];
        for (const size of sizes) {
          received.push(...parser.push(stream.subarray(0, size)));
          stream = stream.subarray(size);
        }
        received.push(...parser.push(stream));
        assert.deepEqual(
          received.map((message) => message.toString('hex')),
          sent.map((message) => Buffer.from(message).toString('hex')),
        );
      }),
    );
  });

  it('end the connection when their length cannot be', () => {
    for (const head of ['ffffffff', '01000001', '15030300']) {
      const parser = new FrameParser();
      assert.throws(() => parser.push(Buffer.from(head, 'hex')), { code: 'ERR_ZOOKEEPER_PROTOCOL' });
    }
    assert.deepEqual(new FrameParser().push(Buffer.from('01000000', 'hex')), []);
  });
});
