import type { ReactNode } from "react";
import { classes } from "./classes";

export interface Column<Row> {
  /** Heading; an empty one is read by nobody, so it is for what needs none. */
  name: string;
  cell(row: Row): ReactNode;
  /** Figures stand under each other. */
  isFigure?: boolean;
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
}

/** Rows that may be wider than the window: the table moves then, and never the page. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className="relative overflow-x-auto rounded-cut border border-line bg-plate"
    >
      <table className="w-full border-collapse text-start">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b border-edge text-note text-soft">
            {columns.map((column) => (
              <th key={column.name} scope="col" className={classes("px-4 py-2.5 font-semibold", column.isFigure ? "text-end" : "text-start")}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => <Row key={keyOf(row)} row={row} columns={columns} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  return (
    <tr className="border-b border-line last:border-0 hover:bg-well/60">
      {columns.map((column, at) => {
        const look = classes("min-w-24 px-4 py-3 align-top", column.isFigure ? "figures text-end" : "text-start");
        return at === 0 ? (
          <th key={column.name} scope="row" className={classes(look, "font-semibold")}>{column.cell(row)}</th>
        ) : (
          <td key={column.name} className={look}>{column.cell(row)}</td>
        );
      })}
    </tr>
  );
}
