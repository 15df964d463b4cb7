import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from 'pdf-lib'
import type { PrintedDocument } from '#types/evidence.ts'

/** A4, in points. */
const page = { width: 595, height: 842, margin: 48 }
const sizes = { title: 14, heading: 11, text: 8.5 }
const leading = 1.45
/** Where values begin. */
const valueAt = 150

/** Prints a document as PDF: text that can be copied, nothing that runs. */
export async function printPdf({ title, parts }: PrintedDocument): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  pdf.setTitle(latin(title))
  pdf.setProducer('Posse')
  const plain = await pdf.embedFont(StandardFonts.Courier)
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold)
  let sheet: PDFPage = pdf.addPage([page.width, page.height])
  let y = page.height - page.margin

  function write(text: string, { font, size, x }: { font: PDFFont; size: number; x: number }) {
    sheet.drawText(text, { x, y, size, font, color: rgb(0, 0, 0) })
  }

  function down(size: number) {
    y -= size * leading
    if (y > page.margin) return
    sheet = pdf.addPage([page.width, page.height])
    y = page.height - page.margin
  }

  for (const line of wrap(latin(title), { font: bold, size: sizes.title, from: page.margin })) {
    write(line, { font: bold, size: sizes.title, x: page.margin })
    down(sizes.title)
  }
  for (const part of parts) {
    down(sizes.heading)
    write(latin(part.title), { font: bold, size: sizes.heading, x: page.margin })
    down(sizes.heading)
    for (const { name, value } of part.lines) {
      write(latin(name), { font: bold, size: sizes.text, x: page.margin })
      for (const line of wrap(latin(value), { font: plain, size: sizes.text, from: valueAt })) {
        write(line, { font: plain, size: sizes.text, x: valueAt })
        down(sizes.text)
      }
    }
  }
  return await pdf.save()
}

/** The standard fonts know Windows-1252 alone: what else there is shows as a question mark. */
function latin(text: string): string {
  return text.replace(/[^\x20-\x7e\xa1-\xac\xae-\xff]/gu, '?')
}

/** Lines that fit, broken between words where there are any: an address is never broken. */
function wrap(
  text: string,
  { font, size, from }: { font: PDFFont; size: number; from: number },
): string[] {
  const width = page.width - page.margin - from
  const fits = (line: string) => font.widthOfTextAtSize(line, size) <= width
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (!fits(line)) {
      let at = line.length - 1
      while (at > 1 && !fits(line.slice(0, at))) at -= 1
      lines.push(line.slice(0, at))
      line = line.slice(at)
    }
  }
  return [...lines, line]
}
