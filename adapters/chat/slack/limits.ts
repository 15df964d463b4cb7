/** Blocks of a message. @see https://docs.slack.dev/reference/block-kit/blocks */
export const maxBlocks = 50

/**
 * Characters of all texts of a message. Slack does not document it and refuses somewhat more than 13,000.
 * @see https://github.com/slackapi/bolt-js/issues/2509
 */
export const maxMessageText = 12_000

/** Characters of one piece of text. @see https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const maxText = 3_000

/** Characters of a button's text and value. @see https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const maxButtonText = 75
export const maxButtonValue = 2_000

/** Elements of a row of buttons. @see https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const maxButtons = 25

/** Characters of the title and the buttons of a modal, and of what it carries along. @see https://docs.slack.dev/reference/views/modal-views */
export const maxModalTitle = 24
export const maxModalMetadata = 3_000

/** Blocks of a modal and of a home page. @see https://docs.slack.dev/surfaces/modals */
export const maxViewBlocks = 100

/** Characters of an input's label, hint and prefilled text. @see https://docs.slack.dev/reference/block-kit/blocks/input-block */
export const maxLabel = 2_000
export const maxInput = 3_000

/** Options of a menu, and characters of each. @see https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const maxOptions = 100
export const maxOptionText = 75

/** Characters of the text that stands for a message in a notification. @see https://docs.slack.dev/reference/methods/chat.postMessage */
export const maxFallback = 4_000

/** Answers to one command or button by its own URL, within half an hour. @see https://docs.slack.dev/interactivity/handling-user-interaction */
export const maxResponses = 5

/** "No more than one message per second per channel". @see https://docs.slack.dev/apis/web-api/rate-limits */
export const channelMs = 1_000

/** `chat.update` is of the third tier, some 50 a minute in a workspace. @see https://docs.slack.dev/apis/web-api/rate-limits */
export const editMs = 1_200

/** A command that is not acknowledged within three seconds has failed for whoever typed it; half of a second is for the way. */
export const ackMs = 700

/** The same for a form: what is wrong in it can be shown until then. */
export const formAckMs = 2_000

/** Older signatures are refused, and younger ones counted once, in milliseconds. @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const maxSignatureAgeMs = 5 * 60_000

/** Characters of a channel's name. @see https://docs.slack.dev/reference/methods/conversations.create */
export const maxChannelName = 80
