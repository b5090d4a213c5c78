import type {JSX} from 'preact';

interface MoneyFormat {
  readonly text: Intl.NumberFormat;
  /** Digits of the currency after the point, as the browser knows them. */
  readonly digits: number;
}

/** Making one takes longer than drawing its row. There are some 180 currencies. */
const FORMATS = new Map<string, MoneyFormat>();

function formatOf(currency: string): MoneyFormat {
  const known = FORMATS.get(currency);
  if (known !== undefined) return known;
  const text = new Intl.NumberFormat(undefined, {style: 'currency', currency});
  const format = {text, digits: text.resolvedOptions().maximumFractionDigits ?? 2};
  FORMATS.set(currency, format);
  return format;
}

/** 123456 and 'EUR' → '€1,234.56' as the viewer writes it. `minor` is whole minor units. */
export function moneyText(minor: number, currency: string): string {
  const {text, digits} = formatOf(currency);
  return text.format(minor / 10 ** digits);
}

/** An amount of money; a dash where there is none. */
export function Money({
  minor,
  currency,
}: {
  readonly minor: number | null;
  readonly currency: string | null;
}): JSX.Element {
  if (minor === null || currency === null) return <span class="quiet">–</span>;
  return <span class="number">{moneyText(minor, currency)}</span>;
}

/** 1 → '1 piece'; 3 → '3 pieces'. */
export function pieces(count: number): string {
  return `${count} ${count === 1 ? 'piece' : 'pieces'}`;
}

/** A short word with a tone: what state something is in. */
export function Badge({
  tone = 'quiet',
  children,
}: {
  readonly tone?: 'quiet' | 'good' | 'warn' | 'bad';
  readonly children: string;
}): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}
