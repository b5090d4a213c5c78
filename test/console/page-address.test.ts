import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {hrefTo, idIn} from '../../console/web/src/ui/page-address.ts';
import {isId} from '../../domain/ids.ts';

describe('the address of a page', () => {
  it('shows ordinary ids as they are, and hides what would end the address', () => {
    expect(hrefTo('part-depots', 'BRG:6310', 'LYS-1')).toBe('/part-depots/BRG:6310/LYS-1');
    expect(hrefTo('part-depots', 'BRG:50%', 'LYS-1')).toBe('/part-depots/BRG:50%2525/LYS-1');
    expect(hrefTo('equipment', 'was?')).toBe('/equipment/was%253F');
  });

  it('gives every id back after a browser has opened it and the router has decoded it once', () => {
    const ids = fc
      .string({unit: 'binary', minLength: 1, maxLength: 20})
      .filter((id) => isId(id) && id.isWellFormed() && !/^\.{1,2}$/.test(id));
    fc.assert(
      fc.property(ids, ids, (part, depot) => {
        const {pathname, search} = new URL(hrefTo('part-depots', part, depot), 'http://127.0.0.1');
        const decoded = pathname.includes('%') ? decodeURI(pathname) : pathname;
        expect(decoded.split('/').slice(2).map(idIn)).toEqual([part, depot]);
        expect(search).toBe('');
      }),
    );
  });
});
