import type {Writable} from 'node:stream';

/**
 * What is written within one turn of the event loop leaves with one system call: the first write holds them back until the turn is over. The
 * pipelined queries of `together` are written so. A call that wakes the server costs some 75 µs.
 *
 * Example: three queries sent at once → one writev of their bytes in their order, not three.
 */
export function writeTogether(stream: Writable): void {
  const write = stream.write.bind(stream) as (...given: readonly unknown[]) => boolean;
  let held = false;
  stream.write = (...given: readonly unknown[]) => {
    if (!held) {
      held = true;
      stream.cork();
      process.nextTick(() => {
        held = false;
        stream.uncork();
      });
    }
    return write(...given);
  };
}
