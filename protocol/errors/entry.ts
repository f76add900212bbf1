/** One line of the error catalogue: a text with `{fields}`, what to do, and the HTTP status where an API answers it. */
export interface ErrorEntry {
  readonly text: string;
  readonly advice: string;
  readonly status?: number;
}
