/** Characters of an embed's description, and of all embeds of a message. @see https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export const maxDescription = 4_096
export const maxEmbedText = 6_000

/** Rows of buttons, buttons in one, characters of a label and of an id. @see https://discord.com/developers/docs/components/reference */
export const maxRows = 5
export const maxRowButtons = 5
export const maxLabel = 80
export const maxCustomId = 100

/** Characters of a command's name and description; options, choices, and characters in all. @see https://discord.com/developers/docs/interactions/application-commands */
export const maxCommandName = 32
export const maxCommandDescription = 100
export const maxCommandOptions = 25
export const maxChoices = 25
export const maxChoiceText = 100
export const maxCommandText = 8_000

/** Characters of a form's title, labels, what stands below those, and texts; inputs of one, choices of a menu. @see https://discord.com/developers/docs/components/reference#label */
export const maxModalTitle = 45
export const maxInputLabel = 45
export const maxInputDescription = 100
export const maxMenuOptions = 25
export const maxInputText = 4_000
export const maxInputs = 5

/** Characters of a thread's or channel's name. @see https://discord.com/developers/docs/resources/channel */
export const maxChannelName = 100

/** A week, the longest rest after which a thread is put away by itself, in minutes. @see https://discord.com/developers/docs/resources/channel */
export const archiveMinutes = 10_080

/** Characters of the nonce by which Discord knows a message again. @see https://discord.com/developers/docs/resources/message#create-message */
export const maxNonce = 25

/** Edits of older messages are limited (code 30046), in milliseconds. @see https://discord.com/developers/docs/topics/opcodes-and-status-codes */
export const freshMs = 60 * 60_000

/** An interaction that is not answered within three seconds has failed; half of a second is for the way. @see https://discord.com/developers/docs/interactions/receiving-and-responding */
export const ackMs = 700

/** Messages that one interaction is answered with: more would flood a channel. */
export const maxAnswers = 5

/** Between two messages of a channel: five in five seconds is what its headers allow as a rule. @see https://discord.com/developers/docs/topics/rate-limits */
export const channelMs = 1_000

/** Milliseconds since 1970 at which Discord's ids begin to count. @see https://discord.com/developers/docs/reference#snowflakes */
export const epochMs = 1_420_070_400_000

/** Files of one message. @see https://discord.com/developers/docs/resources/message */
export const maxFiles = 10
