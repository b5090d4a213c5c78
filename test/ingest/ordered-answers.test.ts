import {describe, expect, it} from 'vitest';
import {OrderedAnswers} from '../../ingest/adapters/ordered-answers.ts';

describe('the answers of a connection', () => {
  it('I1 leave in the order of the packets, and after a refusal nothing but refusals', () => {
    const said: string[] = [];
    const answers = new OrderedAnswers();
    const expectOne = (name: string): ((error?: Error) => void) =>
      answers.expect((error) => said.push(`${name}${error ? `: ${error.message}` : ''}`));
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(expectOne) as [
      () => void,
      (error: Error) => void,
      () => void,
      () => void,
    ];
    c();
    b(new Error('not now'));
    expect(said).toEqual([]);
    a();
    expect(said).toEqual(['a', 'b: not now', 'c: not now']); // c would be acknowledged before b is sent again
    d();
    expect(said.at(-1)).toBe('d: not now');
  });
});
