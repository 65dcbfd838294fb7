import { reactRouter } from '@react-router/dev/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwindcss(), reactRouter()],
  build: {
    assetsInlineLimit: 0, // a data: address would need a wider content security policy
    target: 'es2022',
    manifest: true, // `npm run web:weigh` reads it
  },
  server: { fs: { allow: ['..'] } }, // the client, the contracts and the fonts lie beside this folder
})
