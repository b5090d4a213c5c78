import {createRequire} from 'node:module';
import {dirname} from 'node:path';
import type * as TensorFlow from '@tensorflow/tfjs';
import {OperationalFault, messageOf} from '../../domain/fault.ts';

export type Tf = typeof TensorFlow;
export const BACKEND_CHOICES = ['auto', 'node', 'wasm', 'cpu'] as const;
export type BackendChoice = (typeof BACKEND_CHOICES)[number];
export type BackendName = Exclude<BackendChoice, 'auto'>;

export interface Backend {
  readonly name: BackendName;
  readonly tf: Tf;
  /** What was tried before and why it did not load; for one log line and for `forestock doctor`. */
  readonly passedOver: readonly {readonly name: BackendName; readonly problem: string}[];
}

export interface BackendOptions {
  /** `auto`: native, then wasm, then plain JavaScript. Any other name is tried first, then what comes after it. */
  readonly choice: BackendChoice;
  /** The first choice must load (for `auto`: native). */
  readonly strict?: boolean;
}

const ORDER: readonly BackendName[] = ['node', 'wasm', 'cpu'];
const require = createRequire(import.meta.url);

/** Loads a TensorFlow.js backend into this thread; TensorFlow.js keeps one per thread. */
export async function openBackend({choice, strict = false}: BackendOptions): Promise<Backend> {
  const candidates = choice === 'auto' ? ORDER : ORDER.slice(ORDER.indexOf(choice));
  const passedOver: {name: BackendName; problem: string}[] = [];
  for (const name of candidates) {
    try {
      return {name, tf: await load(name), passedOver};
    } catch (cause) {
      const problem = messageOf(cause).split('\n')[0]!;
      if (strict) {
        throw new OperationalFault(
          'model-backend-unavailable',
          `TensorFlow.js backend ${name} did not load (${problem}); install it or set FORESTOCK_BACKEND_STRICT=false`,
          {retryable: false, cause},
        );
      }
      passedOver.push({name, problem});
    }
  }
  throw new OperationalFault(
    'model-backend-unavailable',
    `no TensorFlow.js backend loads: ${passedOver.map(({name, problem}) => `${name}: ${problem}`).join('; ')}`,
    {retryable: false},
  );
}

async function load(name: BackendName): Promise<Tf> {
  // tfjs-node is an optional dependency: the name is a value so that the types do not need it.
  const pack: string = name === 'node' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs';
  const tf = (await import(pack)) as Tf;
  tf.enableProdMode(); // keeps the "Hi, looks like you are running TensorFlow.js" banner out of JSON logs
  if (name === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  }
  const registered = name === 'node' ? 'tensorflow' : name;
  await keepingListeners(async () => {
    if (!(await tf.setBackend(registered))) throw new Error(`backend ${registered} could not be set`);
    await tf.ready();
  });
  return tf;
}

/** wasm's start-up code listens for uncaught errors and throws them on as `undefined`: the process would end without saying why. */
async function keepingListeners(work: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  await work();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event))
      if (!before[i]!.includes(listener)) process.off(event, listener as () => void);
  });
}
