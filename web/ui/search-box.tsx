/** One field and one button that ask the list. A plain form, so that it asks without scripts too. */
import { Form } from 'react-router'
import { texts } from '../texts/index.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

export function SearchBox({ value = '' }: { readonly value?: string }) {
  return (
    <Form action="/carros" className="panel flex gap-2 p-2 shadow-high lg:p-2.5">
      <label className="flex min-w-0 flex-1 items-center gap-2.5 px-3 text-muted">
        <Icon name="search" />
        <span className="sr-only">{texts.search.label}</span>
        <input
          type="search"
          name="q"
          defaultValue={value}
          maxLength={100}
          placeholder={texts.search.placeholder}
          autoComplete="off"
          className="min-h-13 w-full min-w-0 bg-transparent text-ink outline-offset-4 placeholder:text-muted"
        />
      </label>
      <Button>{texts.search.button}</Button>
    </Form>
  )
}
