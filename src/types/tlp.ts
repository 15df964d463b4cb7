/** Marks of TLP 2.0, the closest first: who may see a case or what somebody said of an address. */
export const tlpMarks = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const
export type Tlp = (typeof tlpMarks)[number]
