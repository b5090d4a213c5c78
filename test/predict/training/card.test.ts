import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {cardMarkdown, type ModelCard} from '../../../predict/training/card.ts';

const MODELS = join(import.meta.dirname, '../../../models');

it('B4 the card of each shipped model reads as it was written', () => {
  const versions = readdirSync(MODELS, {withFileTypes: true}).filter((entry) => entry.isDirectory());
  expect(versions.length).toBeGreaterThan(0);
  for (const {name} of versions) {
    const card = JSON.parse(readFileSync(join(MODELS, name, 'card.json'), 'utf8')) as ModelCard;
    expect(cardMarkdown(card), name).toBe(readFileSync(join(MODELS, name, 'card.md'), 'utf8'));
  }
});
