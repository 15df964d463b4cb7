import { z } from 'zod'
import { tlpMarks } from '#types/tlp.ts'

/** Who may see what is opened or said: `tlp:RED`. */
export const tlpOption = z
  .enum(tlpMarks)
  .optional()
  .meta({ description: 'Who may see it; as the house has set it if left out.', form: 'tag' })
