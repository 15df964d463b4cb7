import type { LabelList } from '#types/label.ts'

/** A theft that happened does not become untrue: ten years. */
const staleAfterDays = 3650

/**
 * Thieves of the past, each address from a source that was opened: where a trail meets one of them, two thefts have one
 * launderer. See README.md. The thief of Bybit is among the labels, in the FBI's list.
 */
export const library: LabelList[] = [
  {
    pastCase: { id: 'harmony', name: 'Harmony Bridge, 2022' },
    file: new URL('./harmony-2022.csv.gz', import.meta.url),
    source: 'MFTracer data set, incident HB',
    date: '2025-04-11',
    licence: 'MIT, LICENSE.mftracer',
    // Checked by hand by its authors.
    confidence: 0.9,
    staleAfterDays,
  },
  {
    pastCase: { id: 'ronin', name: 'Ronin Bridge, 2022' },
    file: new URL('./ronin-2022.csv', import.meta.url),
    source: 'OFAC SDN list and Etherscan name tag (eth-labels)',
    date: '2024-09-27',
    licence: 'MIT, ../labels/LICENSE.eth-labels',
    confidence: 0.95,
    staleAfterDays,
  },
  {
    pastCase: { id: 'kucoin', name: 'KuCoin, 2020' },
    file: new URL('./kucoin-2020.csv', import.meta.url),
    source: 'Etherscan name tag (eth-labels)',
    date: '2024-06-17',
    licence: 'MIT, ../labels/LICENSE.eth-labels',
    confidence: 0.9,
    staleAfterDays,
  },
]
