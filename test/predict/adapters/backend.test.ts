import {expect, it} from 'vitest';
import {openBackend} from '../../../predict/adapters/backend.ts';

it('loading wasm leaves it to the process how it ends on an uncaught error', async () => {
  const before = [process.rawListeners('uncaughtException'), process.rawListeners('unhandledRejection')];
  await openBackend({choice: 'wasm', strict: true});
  expect([process.rawListeners('uncaughtException'), process.rawListeners('unhandledRejection')]).toEqual(
    before,
  );
});
