import {Writable} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {writeTogether} from '../../platform/write-together.ts';

/** A connection that notes what each system call would have carried. */
function connection(): {stream: Writable; calls: string[]; send: (message: string) => void} {
  const calls: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      calls.push(chunk.toString());
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({chunk}) => String(chunk)).join(''));
      done();
    },
  });
  const send = (message: string): void => {
    stream.cork();
    for (const byte of message) stream.write(byte);
    stream.uncork();
  };
  return {stream, calls, send};
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is written in one turn', () => {
  it('leaves at once, in its order; what comes later goes by itself', async () => {
    const {stream, calls, send} = connection();
    writeTogether(stream);
    for (const message of ['ab', 'cd', 'ef']) send(message);
    expect(calls).toEqual([]);
    await turn();
    expect(calls).toEqual(['abcdef']);
    send('gh');
    await turn();
    expect(calls).toEqual(['abcdef', 'gh']);
  });

  it('takes with it what is written without a cork, and the end waits for all of it', async () => {
    const {stream, calls, send} = connection();
    writeTogether(stream);
    send('ab');
    stream.write('c');
    stream.end('d');
    await turn();
    expect(calls.join('')).toBe('abcd');
    expect(stream.writableFinished).toBe(true);
  });
});
