import {describe, expect, it} from 'vitest';
import {proposalReport, type ProposalCount} from '../../../replenish/core/decision/proposal-report.ts';

const count = (
  action: string,
  fate: ProposalCount['fate'],
  proposals: number,
  reasonCode: string | null = null,
): ProposalCount => ({action, fate, proposals, reasonCode});

describe('the report on proposals', () => {
  it('D5 counts by hand: twelve proposals, eight answered, three overridden', () => {
    const report = proposalReport([
      count('order', 'approved', 4),
      count('order', 'changed', 2, 'quantity-too-high'),
      count('order', 'expired', 1),
      count('order', 'withdrawn', 2),
      count('transfer', 'approved', 1),
      count('transfer', 'rejected', 1, 'ordered-elsewhere'),
      count('transfer', 'waiting', 1),
    ]);
    expect(report).toEqual({
      proposed: 12,
      waiting: 1,
      approved: 5,
      changed: 2,
      rejected: 1,
      expired: 1,
      withdrawn: 2,
      overrideRate: 3 / 8,
      byAction: [
        // prettier-ignore
        {action: 'order', proposed: 9, waiting: 0, approved: 4, changed: 2, rejected: 0, expired: 1, withdrawn: 2, overrideRate: 2 / 6},
        // prettier-ignore
        {action: 'transfer', proposed: 3, waiting: 1, approved: 1, changed: 0, rejected: 1, expired: 0, withdrawn: 0, overrideRate: 1 / 2},
      ],
      byReason: [
        {reasonCode: 'quantity-too-high', changed: 2, rejected: 0},
        {reasonCode: 'ordered-elsewhere', changed: 0, rejected: 1},
      ],
    });
  });

  it('D5 nobody answered is no rate at all, not a rate of zero', () => {
    expect(proposalReport([]).overrideRate).toBeNull();
    expect(proposalReport([count('order', 'expired', 3)])).toMatchObject({proposed: 3, overrideRate: null});
    expect(proposalReport([count('order', 'approved', 3)]).overrideRate).toBe(0);
  });
});
