import { z } from 'zod'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { bindChannel } from '#src/sharing/bindChannel.ts'

export const channelBind = defineCommand({
  name: 'channel bind',
  description: 'Says whose channel this is: it hears and shows what that organization may see.',
  role: 'lead',
  options: z.object({
    organization: z.string().meta({
      description: 'The organization, by its id.',
      complete: 'organization',
    }),
  }),
  example: '/posse channel bind acme',
  async run(context, { organization: text }, call) {
    const organization = text.toLowerCase()
    await bindChannel(context, { channel: call.channel, organization, lead: memberOf(call) })
    return { title: ['This channel belongs to ', { strong: organization }, ' now'], sections: [] }
  },
})
