/** What came of every case with every pair, as a table for the console. */

export type Outcome = "ok" | "FAILED";

const CELL_CHARS = "plaintext".length;

export class Matrix {
  readonly #columns: readonly string[];
  readonly #cells = new Map<string, string>();
  /** Why cells have a number and no outcome; the first of them has the number 1. */
  readonly #notes: string[] = [];

  /** The titles of the columns, in two lines each. */
  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  record(row: string, column: string, outcome: Outcome): void {
    this.#cells.set(keyOf(row, column), outcome);
  }

  /** Says why a case was not run. */
  note(row: string, column: string, reason: string): void {
    if (!this.#notes.includes(reason)) this.#notes.push(reason);
    this.#cells.set(keyOf(row, column), `- [${this.#notes.indexOf(reason) + 1}]`);
  }

  /** The table with these rows, and the notes below it. What was not recorded stays empty. */
  print(rows: readonly string[]): string {
    const nameChars = Math.max(...rows.map((row) => row.length));
    const titles = this.#columns.map((column) => column.split("\n"));
    const widths = titles.map((lines) => Math.max(CELL_CHARS, ...lines.map((line) => line.length)));
    const line = (name: string, cells: readonly string[]) =>
      [name.padEnd(nameChars), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))].join("  ").trimEnd();
    const head = [0, 1].map((index) =>
      line(
        "",
        titles.map((lines) => lines[index] ?? ""),
      ),
    );
    const cellsOf = (row: string) => this.#columns.map((column) => this.#cells.get(keyOf(row, column)) ?? "");
    const body = rows.map((row) => line(row, cellsOf(row)));
    return [...head, ...body, ...this.#notes.map((reason, index) => `[${index + 1}] ${reason}`)].join("\n");
  }
}

function keyOf(row: string, column: string): string {
  return `${row}\n${column}`;
}
