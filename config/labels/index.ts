import type { LabelList } from '#types/label.ts'

/** After half a year hot wallets have moved and name tags have changed. */
const nameTagDays = 180

/** OFAC changes its list about every month. */
const sanctionDays = 30

const ethLabels = 'MIT, LICENSE.eth-labels'
const ofac = 'MIT, LICENSE.ofac'

/**
 * The lists of labels that ship, see README.md. `confidence` is how surely a row is right today, by how it was made
 * and what is known to be wrong in it; that a list grows old is said by `date` and `staleAfterDays`.
 */
export const labelLists: LabelList[] = [
  {
    file: new URL('./etherscan-2024.csv.gz', import.meta.url),
    source: 'Etherscan name tags (eth-labels)',
    date: '2024-06-17',
    licence: ethLabels,
    // Etherscan checks its tags, but the kind is our reading of its categories.
    confidence: 0.9,
    staleAfterDays: nameTagDays,
  },
  {
    file: new URL('./exchanges-2022.csv.gz', import.meta.url),
    source: 'Etherscan exchanges of 2022 (eth-labels)',
    date: '2022-05-25',
    licence: ethLabels,
    // Exchanges give up wallets, and several of these exchanges have closed.
    confidence: 0.7,
    staleAfterDays: nameTagDays,
  },
  {
    file: new URL('./phishing-2022.csv.gz', import.meta.url),
    source: 'Etherscan phishing and hacks of 2022 (eth-labels)',
    date: '2022-05-25',
    licence: ethLabels,
    // Anyone could report to it, pools of fake tokens are in it, and Etherscan has withdrawn the category.
    confidence: 0.7,
    staleAfterDays: nameTagDays,
  },
  {
    file: new URL('./ofac-ethereum.csv.gz', import.meta.url),
    source: 'OFAC SDN list, Ethereum addresses',
    date: '2024-09-27',
    licence: ofac,
    // Certain when made, but at least 56 of its 152 addresses are Tornado Cash, which OFAC delisted on 2025-03-21.
    confidence: 0.6,
    staleAfterDays: sanctionDays,
  },
  {
    file: new URL('./ofac-bitcoin.csv.gz', import.meta.url),
    source: 'OFAC SDN list, Bitcoin addresses',
    date: '2024-09-27',
    licence: ofac,
    // Taken by a machine from the government's file; what was delisted since is not known.
    confidence: 0.9,
    staleAfterDays: sanctionDays,
  },
  {
    file: new URL('./fbi-bybit.csv.gz', import.meta.url),
    source: 'FBI PSA I-022625-PSA',
    date: '2025-02-26',
    licence: 'Public domain (work of the US government)',
    pastCase: { id: 'bybit', name: 'Bybit, 2025' },
    // A government names its thief; our copy came through other hands, but every address is in the first hops too.
    confidence: 0.95,
    // A theft that happened does not become untrue: ten years.
    staleAfterDays: 3650,
  },
]
