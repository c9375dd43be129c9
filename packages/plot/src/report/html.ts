import { cleanText, shorten } from '../figures/theme.ts'

/** Markup that is safe to put into a page: made by `html`, or of constants. */
export type Markup = { markup: string }

type Part = Markup | string | number | readonly Markup[] | undefined

/**
 * A template of markup. Every text put into it is escaped, for elements and quoted attributes
 * alike; only what `html` itself has made goes in as it is.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: strings.reduce((text, string, index) => text + toMarkup(parts[index - 1]) + string),
})

/** Constant text as markup, for style sheets and data that is escaped in its own way. */
export const verbatim = (markup: string): Markup => ({ markup })

/** Text as it stands in an element or in a quoted attribute. */
export const escapeText = (text: string): string =>
  shorten(cleanText(text), charactersMax)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** JSON that no script element ends early, and in which no hidden mark turns the text around. */
export const embedJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Text in which addresses that begin with https are links; others stay text. */
export const withLinks = (text: string): Markup =>
  joined(
    text.split(/(https:\/\/[^\s<>"'()]*[^\s<>"'().,;:])/).map((part, index) =>
      index % 2 === 1
        ? html`<a href="${part}" rel="noopener noreferrer">${part}</a>`
        : html`${part}`,
    ),
  )

/** Pieces of markup with nothing between them, as words need it; in a template they get lines. */
export const joined = (parts: readonly Markup[]): Markup => ({
  markup: parts.map(({ markup }) => markup).join(''),
})

/** Longer texts than any label needs; a megabyte would not be read. */
const charactersMax = 2_000

const toMarkup = (part: Part): string => {
  if (part === undefined) return ''
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('\n')
}
