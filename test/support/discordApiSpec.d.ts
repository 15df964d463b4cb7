/** The package has no types of its own. */
declare module 'discord-api-spec/zod' {
  import type { z } from 'zod'

  export const ApplicationCommandAutocompleteCallbackRequestSchema: z.ZodType
  export const ApplicationCommandUpdateRequestSchema: z.ZodType
  export const CreateGuildChannelRequestSchema: z.ZodType
  export const CreateMessageInteractionCallbackRequestSchema: z.ZodType
  export const CreatePrivateChannelRequestSchema: z.ZodType
  export const CreateTextThreadWithMessageRequestSchema: z.ZodType
  export const CreateTextThreadWithoutMessageRequestSchema: z.ZodType
  export const IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema: z.ZodType
  export const MessageCreateRequestSchema: z.ZodType
  export const MessageEditRequestPartialSchema: z.ZodType
  export const ModalInteractionCallbackRequestSchema: z.ZodType
}
