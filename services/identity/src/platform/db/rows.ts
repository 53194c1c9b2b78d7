/**
 * The rows of a raw `db.execute`, which is typed `unknown` over both drivers.
 * Cast bigint columns to text or int in the SQL: one driver answers a number, the other a string.
 */
export function rowsOf<Row>(result: unknown): readonly Row[] {
  return (result as { readonly rows: readonly Row[] }).rows
}
