import { z } from 'zod'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { codeOption } from '#src/stepup/codeOption.ts'
import { confirm, enroll } from '#src/stepup/enroll.ts'

const enrollCommand = defineCommand({
  name: 'totp enroll',
  description: 'Gives you a secret for an authenticator app, for acts that take a code.',
  role: 'lead',
  options: z.object({ code: codeOption }),
  example: '/posse totp enroll',
  async run(context, { code }, call) {
    const { secret, uri } = await enroll(context, { member: memberOf(call), code })
    return {
      title: 'Put this secret into your authenticator, and show it to nobody',
      severity: 'amber',
      visibility: 'private',
      sections: [
        {
          type: 'fields',
          fields: [
            { name: 'URI', value: { code: uri } },
            { name: 'Secret', value: { code: secret } },
          ],
        },
        {
          type: 'text',
          text: [
            'It is not shown again, and counts once you have sent a code of it: ',
            { code: '/posse totp confirm CODE' },
          ],
        },
      ],
    }
  },
})

const confirmCommand = defineCommand({
  name: 'totp confirm',
  description: 'Confirms the secret of your authenticator with a code of it.',
  role: 'lead',
  options: z.object({
    // All of the line, so that nothing of a code is one word too many.
    code: z.string().meta({ description: 'The six digits that it shows.', form: 'text' }),
  }),
  example: '/posse totp confirm 123456',
  async run(context, { code }, call) {
    await confirm(context, { member: memberOf(call), code })
    return {
      title: 'Your authenticator counts from now on',
      visibility: 'private',
      sections: [
        {
          type: 'text',
          text: ['Acts that take a code: add ', { code: 'code:' }, ' and the code.'],
        },
      ],
    }
  },
})

export const totpCommands = [enrollCommand, confirmCommand]
