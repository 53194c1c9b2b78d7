/** What a check says of itself: what went wrong, and what mends it. In English, for those who build or run applications. */
export interface CheckWords {
  readonly cause: string
  readonly fix: string
}
