import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An API that gives one answer, whatever it is asked. */
export type FakeApi = {
  url: string
  /** Paths, as they were asked for. */
  asked: string[]
  answer: { status: number; body: string }
  close(): void
}

export async function startApi(): Promise<FakeApi> {
  const server = createServer(({ url: path = '' }, response) => {
    api.asked.push(decodeURIComponent(path))
    response.statusCode = api.answer.status
    response.end(api.answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: { status: 200, body: '' },
    close: () => void server.close(),
  }
  return api
}
