import {expect, it} from 'vitest';
import {OPERATIONS} from '../../../cli/operations/catalogue.ts';
import type {OperationLine} from '../../../cli/operations/operation-file.ts';
import {sendOperations} from '../../../cli/operations/send-operations.ts';
import {OperationalFault} from '../../../domain/fault.ts';

const lines: OperationLine[] = [2, 3, 5].map((line) => ({
  line,
  operation: OPERATIONS.count,
  values: {sourceKey: `k-${line}`},
}));
const done = {ok: true as const, reply: {repeated: false, result: {pieces: 1}}};

it('a refused line is an outcome with its way out, and the lines below it are sent', async () => {
  const details = [{path: 'body', what: 'kept as q-1', nextStep: 'correct it and resubmit'}];
  const refusal = {error: 'unknown-unit', message: 'no conversion from PAL', details, requestId: 'r-1'};
  const answers = [done, {ok: false as const, refusal}, {...done, reply: {...done.reply, repeated: true}}];
  const outcomes = await sendOperations({offer: () => Promise.resolve(answers.shift()!)}, lines);
  expect(outcomes.map(({line, outcome, error}) => [line, outcome, error])).toEqual([
    [2, 'booked', null],
    [3, 'refused', 'unknown-unit'],
    [5, 'repeated', null],
  ]);
  expect(outcomes[1]!.detail).toBe(
    'unknown-unit: no conversion from PAL; kept as q-1: correct it and resubmit',
  );
});

it('when the service goes away the line is named, and that sending again is safe', async () => {
  const away = new OperationalFault('service-unreachable', 'nothing answers', {retryable: true});
  let sent = 0;
  const offer = (): Promise<typeof done> =>
    (sent += 1) === 2 ? Promise.reject(away) : Promise.resolve(done);
  await expect(sendOperations({offer}, lines)).rejects.toMatchObject({
    code: 'service-unreachable',
    message:
      'line 3: nothing answers; open lines: 2; send the same file again: what is booked is not booked twice',
  });
});
