import type { Label } from '#types/label.ts'

/** A label in short: `Acme hot wallet (exchange)`; its kind alone where it has no name. */
export function nameLabel({ name, kind }: Pick<Label, 'name' | 'kind'>): string {
  return name === '' ? `(${kind})` : `${name} (${kind})`
}
