import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class NoPostError extends UserError {
  override name = 'NoPostError'
  constructor({ post, name }: { post: string; name: string }) {
    super(`The post ${quote(post)} is held by ${quote(name)}.`, {
      hint: 'They hand it over with post give, or a lead does.',
    })
  }
}
