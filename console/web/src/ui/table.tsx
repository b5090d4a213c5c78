import type {ComponentChildren, JSX} from 'preact';
import {memo} from 'preact/compat';

export interface Column<Row> {
  /** Also the name by which the service sorts. */
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand to the right, under each other. */
  readonly numeric?: boolean;
  readonly sortable?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

/**
 * Rows with columns. On a narrow screen each row becomes a card whose lines carry the titles of the columns. Sorting and paging are
 * the service's work: the table says what is wanted.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowClass,
  sort,
  onSort,
  more,
}: {
  /** For screen readers: what the rows are. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** How a row differs: 'current', 'done'. */
  readonly rowClass?: (row: Row) => string | undefined;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Reads the next page; absent when there is none. */
  readonly more?: {readonly read: () => void; readonly reading: boolean; readonly text?: string} | undefined;
}): JSX.Element {
  return (
    <div class="table-frame">
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)} row={row} columns={columns} class={rowClass?.(row)} />
          ))}
        </tbody>
      </table>
      {more && (
        <button class="more" onClick={more.read} disabled={more.reading}>
          {more.reading ? 'Loading …' : (more.text ?? 'Show more')}
        </button>
      )}
    </div>
  );
}

function Cells<Row>({
  row,
  columns,
  class: look,
}: {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly class: string | undefined;
}): JSX.Element {
  return (
    <tr class={look}>
      {columns.map(({key, title, numeric, cell}) => (
        <td key={key} data-title={title} class={numeric === true ? 'number' : undefined}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** Drawn anew only when its row, its columns or its look is another one: of a thousand rows, a further page draws its own. */
const TableRow = memo<Parameters<typeof Cells>[0]>(Cells) as typeof Cells;

function HeadCell<Row>({
  column: {key, title, numeric, sortable},
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}): JSX.Element {
  const on = sort?.by === key;
  const order = !on ? 'none' : sort.descending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      class={numeric === true ? 'number' : undefined}
      aria-sort={sortable === true ? order : undefined}
    >
      {sortable === true && onSort !== undefined ? (
        <button class="plain" onClick={() => onSort({by: key, descending: on ? !sort.descending : true})}>
          {title} <span aria-hidden="true">{!on ? '' : sort.descending ? '↓' : '↑'}</span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}
