import {describe, expect, it} from 'vitest';
import {CancelDemand} from '../../network/demand-commands.ts';

describe('who sends a command', () => {
  const problem = (source: string): string | undefined =>
    CancelDemand.safeParse({
      source,
      sourceKey: 'issue:1:0',
      demandId: '00000000-0000-4000-8000-000000000000',
      reason: 'other',
    }).error?.issues[0]?.message;

  it('E1 nobody sends under a name of the books, so that no key of theirs is taken and no piece goes uncounted', () => {
    for (const own of ['demand', 'event', 'opening', 'order'])
      expect(problem(own)).toContain('name the sending system');
    expect(problem('erp')).toBeUndefined();
  });
});
