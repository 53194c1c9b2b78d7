import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Asset {
  readonly path: string
  readonly type: string
  readonly content: Buffer
}

export interface Assets {
  readonly css: Asset
  readonly script: Asset
  readonly icon: Asset
}

/** Reads the front end's files once; the hash in each path lets browsers keep them for ever. */
export function loadAssets(): Assets {
  return {
    css: load('app', 'css', 'text/css; charset=utf-8'),
    script: load('app', 'js', 'text/javascript; charset=utf-8'),
    icon: load('icon', 'svg', 'image/svg+xml'),
  }
}

function load(name: string, extension: string, type: string): Asset {
  // From dist/src/front to the folder beside src.
  const url = new URL(`../../../public/${name}.${extension}`, import.meta.url)
  const content = readFileSync(fileURLToPath(url))
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10)
  return { path: `/assets/${name}.${hash}.${extension}`, type, content }
}
