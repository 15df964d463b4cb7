import Papa from 'papaparse'

/** Rows as CSV with a header. No value of it is a formula to a spreadsheet: what begins like one gets a quote before it. */
export function writeCsv(columns: readonly string[], rows: readonly (string | number)[][]): string {
  const table = { fields: [...columns], data: rows.map((row) => [...row]) }
  return `${Papa.unparse(table, { escapeFormulae: true, newline: '\n' })}\n`
}
