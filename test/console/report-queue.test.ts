import {describe, expect, it} from 'vitest';
import {
  REPORTS_MAX,
  addReport,
  dropReport,
  sendReports,
  waitingReports,
} from '../../console/web/src/data/report-queue.ts';
import type {Sent, Store, WaitingReport} from '../../console/web/src/data/report-queue.ts';

function store(): Store {
  const kept = new Map<string, string>();
  return {getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text)};
}
const report = (key: string, by = 'technician-1'): WaitingReport => ({
  ...{key, by, about: 'P-1 for M-1', refusal: null},
  body: {demandId: 'd', problem: 'wrong-part'},
});

describe('reports that wait for a network', () => {
  it('I9 leave the list one by one as the service takes them, the oldest first', async () => {
    const at = store();
    for (const key of ['1', '2', '3']) addReport(at, report(key));
    const sent: string[] = [];
    const answers: Sent[] = [{kind: 'done'}, {kind: 'unknown'}];
    const send = ({key}: WaitingReport): Promise<Sent> => {
      sent.push(key);
      return Promise.resolve(answers.shift() ?? {kind: 'done'});
    };
    expect(await sendReports(at, 'technician-1', send)).toBe(1);
    expect(waitingReports(at).map(({key}) => key)).toEqual(['2', '3']);
    expect(await sendReports(at, 'technician-1', send)).toBe(2);
    expect(sent).toEqual(['1', '2', '2', '3']); // the one that nobody knew of went again, under its key
    expect(waitingReports(at)).toEqual([]);
  });

  it('I9 stay with their reason when they are refused, until their writer drops them', async () => {
    const at = store();
    addReport(at, report('1'));
    addReport(at, report('2'));
    const send = ({key}: WaitingReport): Promise<Sent> =>
      Promise.resolve(key === '1' ? {kind: 'refused', why: 'called off'} : {kind: 'done'});
    expect(await sendReports(at, 'technician-1', send)).toBe(1);
    expect(waitingReports(at)).toMatchObject([{key: '1', refusal: 'called off'}]);
    expect(await sendReports(at, 'technician-1', send)).toBe(0);
    dropReport(at, '1');
    expect(waitingReports(at)).toEqual([]);
  });

  it('I9 go out under the name of their writer alone', async () => {
    const at = store();
    addReport(at, report('1', 'technician-2'));
    expect(await sendReports(at, 'technician-1', () => Promise.resolve({kind: 'done'}))).toBe(0);
    expect(waitingReports(at)).toHaveLength(1);
  });

  it('I9 are not kept beyond the limit, and the writer is told', () => {
    const at = store();
    for (let no = 0; no < REPORTS_MAX; no += 1) expect(addReport(at, report(String(no)))).toBe(true);
    expect(addReport(at, report('one more'))).toBe(false);
    expect(waitingReports(at)).toHaveLength(REPORTS_MAX);
  });
});
