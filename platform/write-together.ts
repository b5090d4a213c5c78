import type {Writable} from 'node:stream';

/**
 * What is written within one turn of the event loop leaves with one system call, where the writer corks each of its messages: its first
 * `cork` holds until the turn is over. The pipelined queries of `together` are written so. A call that wakes the server costs some 75 µs.
 *
 * Example: three queries sent at once → one writev of their bytes in their order, not three.
 */
export function writeTogether(stream: Writable): void {
  const cork = stream.cork.bind(stream);
  let held = false;
  stream.cork = () => {
    if (!held) {
      held = true;
      cork();
      process.nextTick(() => {
        held = false;
        stream.uncork();
      });
    }
    cork();
  };
}
