/** Drawn on a grid of 20, in the colour of the text beside them. Never without words: a name stands beside, or is hidden. */
import type { ReactNode } from 'react'

const PATHS = {
  search: ['M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z', 'm13.2 13.2 3.8 3.8'],
  close: ['m5 5 10 10M15 5 5 15'],
  check: ['m4.5 10.5 3.6 3.6 7.4-8'],
  back: ['M4 8h8a4.3 4.3 0 0 1 0 8.6H8M4 8l3.5-3.5M4 8l3.5 3.5'],
  clock: ['M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z', 'M10 6v4.2l2.7 1.6'],
  person: ['M13.2 7a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0Z', 'M3.8 17a6.3 6.3 0 0 1 12.4 0'],
  wrench: ['M16.5 6.2a4 4 0 0 1-5.3 5L6 16.5 3.5 14l5.3-5.2a4 4 0 0 1 5-5.3L11.5 6l2.5 2.5Z'],
  download: ['M10 3v9M6.2 8.5 10 12.3l3.8-3.8M3.5 16.5h13'],
  copy: [
    'M9 7h6a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2Z',
    'M4.5 13A1.5 1.5 0 0 1 3 11.5v-7A1.5 1.5 0 0 1 4.5 3h7A1.5 1.5 0 0 1 13 4.5',
  ],
  wallet: ['M3 6.5A2 2 0 0 1 5 4.5h9v3', 'M5 6.5h10a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6.5M13.5 11.8h.01'],
  card: ['M4.8 4.5h10.4a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H4.8a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z', 'M2.8 8.3h14.4M6 12.5h3'],
  calendar: [
    'M5 4.5h10a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6.5a2 2 0 0 1 2-2Z',
    'M3 8.5h14M7 2.8v3M13 2.8v3',
  ],
  pix: [
    'M10 2.6 13.4 6 10 9.4 6.6 6ZM10 10.6l3.4 3.4-3.4 3.4L6.6 14ZM6 6.6 9.4 10 6 13.4 2.6 10ZM14 6.6l3.4 3.4-3.4 3.4-3.4-3.4Z',
  ],
  car: ['M3 12.5 4.7 8A2 2 0 0 1 6.6 6.7h6.8A2 2 0 0 1 15.3 8l1.7 4.5V16h-2.5v-1.5h-9V16H3Z', 'M4.5 11h11'],
  shield: ['M10 2.8 16 5v4.5c0 3.7-2.5 6.3-6 7.7-3.5-1.4-6-4-6-7.7V5Z', 'm7.5 9.8 1.9 1.9 3.3-3.5'],
  right: ['m8 5 5 5-5 5'],
  left: ['m12 5-5 5 5 5'],
  below: ['m5 8 5 5 5-5'],
  pencil: ['m3.5 16.5.8-3.5L13 4.3l2.7 2.7L7 15.7Z'],
  bin: ['M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11'],
  gauge: ['M4.2 15.2a7.5 7.5 0 1 1 11.6 0', 'm10 11 3.3-3.6M10 11.1v-.2'],
  fuel: [
    'M4 17V4.5A1.5 1.5 0 0 1 5.5 3h5A1.5 1.5 0 0 1 12 4.5V17M3 17h10M4 8.5h8',
    'M12 10h1.5A1.5 1.5 0 0 1 15 11.5v2.2a1.2 1.2 0 0 0 2.4 0V7.5L14.8 5',
  ],
  gear: [
    'M6 5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0ZM11.5 5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0ZM17 5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0ZM6 15a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0ZM11.5 15a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0Z',
    'M4.5 6.5v7M10 6.5v7M15.5 6.5V10h-11',
  ],
  pin: [
    'M10 17.5s5.5-4.7 5.5-9a5.5 5.5 0 0 0-11 0c0 4.3 5.5 9 5.5 9Z',
    'M11.9 8.5a1.9 1.9 0 1 1-3.8 0 1.9 1.9 0 0 1 3.8 0Z',
  ],
  down: ['M10 4v11M5.5 10.5 10 15l4.5-4.5'],
  sort: ['M4 7h12l-3-3M16 13H4l3 3'],
  filter: ['M3 6h8M15 6h2M3 14h2M9 14h8', 'M15 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM9 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z'],
  warning: ['M10 3 18 16.5H2Z', 'M10 8v4M10 14.2v.2'],
  share: ['M10 12.5V3M6.5 6 10 2.8 13.500 6', 'M5 9H4v8h12V9h-1'],
  leave: ['M8 4H4v12h4', 'M8 10h9M13.5 6.500 17 10l-3.500 3.500'],
  key: ['M12.5 11.500a4 4 0 1 0-3.600-2.300L3 15v2.500h3V15.500h2V13.500h1.500Z', 'M13.200 6.800v.1'],
  list: ['M7 5h10M7 10h10M7 15h10M3.500 5h.1M3.500 10h.1M3.500 15h.1'],
  house: ['M3 9.500 10 3.500l7 6', 'M5 8.500V16.500h10V8.500'],
  chart: ['M4 16.500v-6M9 16.500v-12M14 16.500v-8M3 16.500h14'],
  mail: ['M3 5h14v10H3Z', 'm3 6 7 5.500L17 6'],
} as const

export type IconName = keyof typeof PATHS

export function Icon({
  name,
  className = 'size-5',
}: {
  readonly name: IconName
  readonly className?: string
}): ReactNode {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={`flex-none fill-none stroke-current stroke-[1.7] ${className}`}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  )
}
