import {describe, expect, it} from 'vitest';
import {FailureCountTree} from '../../../predict/core/failure-count-tree.ts';
import {GroupScreen} from '../../../predict/core/group-screen.ts';
import {poissonBinomialPmf} from '../../../replenish/core/probability/poisson-binomial.ts';

describe('the incremental structure', () => {
  it('agrees with a rebuild after any machine changed, left or came, beyond its first size', () => {
    const tree = new FailureCountTree(64, 2);
    const machines = new Array<number>(40).fill(0);
    for (let step = 0; step < 400; step += 1) {
      const slot = (step * 7919) % 40;
      const p = [0.98, 0, 0.5, 1, 0.013, 0.3][step % 6]!;
      machines[slot] = p;
      tree.set(slot, p);
    }
    const rebuilt = poissonBinomialPmf(machines);
    for (let k = 0; k <= 40; k += 1) expect(tree.head()[k]).toBeCloseTo(rebuilt.p[k] ?? 0, 14);
  });

  it('keeps the first terms exact when it keeps only a few', () => {
    const machines = Array.from({length: 100}, (_, i) => (i % 10) / 20);
    const tree = new FailureCountTree(8, 100);
    machines.forEach((p, slot) => tree.set(slot, p));
    const rebuilt = poissonBinomialPmf(machines);
    expect(tree.head().length).toBe(8);
    tree.head().forEach((p, k) => expect(p / rebuilt.p[k]!).toBeCloseTo(1, 12));
  });
});

describe('a screen of a group', () => {
  const crowd = (now: number, told: number): GroupScreen => {
    const screen = new GroupScreen();
    for (let i = 0; i < 100; i += 1) screen.set(`C-${i}`, now, told);
    return screen;
  };

  it('C2 sees that many components have moved together, each too little to be told', () => {
    // (1 − p)¹⁰⁰ + 100 p (1 − p)⁹⁹ at 0.01 and 0.019: P(at most one) 0.73576 and 0.43130.
    expect(crowd(0.019, 0.01).moved).toBeCloseTo(0.304466, 6);
    expect(crowd(0.01, 0.01).moved).toBe(0);
  });

  it('C2 moves that cancel out are no news', () => {
    const screen = crowd(0.01, 0.01);
    for (let i = 0; i < 100; i += 1) screen.set(`C-${i}`, i % 2 === 0 ? 0.015 : 0.005, 0.01);
    expect(screen.moved).toBeLessThan(0.001);
  });

  it('C2 what was told counts anew, and says which components it told', () => {
    const screen = crowd(0.01, 0.01);
    screen.set('C-7', 0.014, 0.01);
    screen.set('C-30', 0.006, 0.01);
    expect(screen.tell()).toEqual(['C-30', 'C-7']);
    expect(screen.moved).toBe(0);
    expect(screen.tell()).toEqual([]);
  });

  it('C2 a component that was taken out no longer counts, and its place is taken by the next', () => {
    const screen = crowd(0.01, 0.01);
    for (let i = 0; i < 50; i += 1) screen.set(`C-${i}`, 0.019, 0.01);
    for (let i = 0; i < 50; i += 1) screen.drop(`C-${i}`);
    expect(screen.size).toBe(50);
    expect(screen.moved).toBeLessThan(1e-12);
    for (let i = 0; i < 50; i += 1) screen.set(`D-${i}`, 0.019, 0.01);
    const half = new GroupScreen();
    for (let i = 0; i < 100; i += 1) half.set(`C-${i}`, i < 50 ? 0.019 : 0.01, 0.01);
    expect(screen.moved).toBeCloseTo(half.moved, 12);
  });
});
