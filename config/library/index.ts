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
    pastCase: { id: 'upbit', name: 'Upbit, 2019' },
    file: new URL('./upbit-2019.csv.gz', import.meta.url),
    source: 'Etherscan label page "upbit-hack" (etherscan-labels)',
    date: '2022-07-29',
    licence: 'MIT, LICENSE.etherscan-labels',
    // Up to fifteen payments from the theft, as Etherscan followed them.
    confidence: 0.8,
    staleAfterDays,
  },
  {
    pastCase: { id: 'atomic', name: 'Atomic Wallet, 2023' },
    file: new URL('./atomic-2023.csv', import.meta.url),
    source: 'MFTracer data set, incident Atomic',
    date: '2025-04-11',
    licence: 'MIT, LICENSE.mftracer',
    confidence: 0.85,
    staleAfterDays,
  },
  {
    pastCase: { id: 'ronin', name: 'Ronin Bridge, 2022' },
    file: new URL('./ronin-2022.csv', import.meta.url),
    source: 'OFAC SDN list and Etherscan name tags (Forta, eth-labels)',
    date: '2026-06-25',
    licence: 'MIT, LICENSE.ofac-ethereum-addresses and LICENSE.labelled-datasets',
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
