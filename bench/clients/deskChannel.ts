/** Where the organization of the benchmark is asked to hold what arrives. */
export const deskChannel = 'bench:desk'
