import {describe, expect, it} from 'vitest';
import {settle} from '../../chaos/settle.ts';

describe('the demand for progress', () => {
  it('M3 is content when nothing was stuck several times in a row', async () => {
    const answers = [['a'], [], ['b'], [], [], [], ['never asked']];
    expect(await settle([async () => answers.shift()!], 60_000, 1)).toEqual([]);
    expect(answers).toEqual([['never asked']]);
  });

  it('M3 names what is stuck when the time is over, and what cannot be asked', async () => {
    expect(await settle([async () => [], async () => ['store: 3 messages']], 0)).toEqual([
      'store: 3 messages',
    ]);
    const away = async (): Promise<string[]> => {
      throw new Error('ECONNREFUSED');
    };
    expect(await settle([away], 0)).toEqual(['the database gives no answer: ECONNREFUSED']);
  });
});
