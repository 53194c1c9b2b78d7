/** Returns a channel name that needs no quoting; throws on any other, for LISTEN takes no parameters. */
export function channelName(channel: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`bad channel name: ${channel}`)
  return channel
}
